using Microsoft.AspNetCore.Components;
using PolicyEngine.Engine.Desks;

namespace PolicyEngine.Console.Live;

/// <summary>A component that reads what it shows anew whenever anything changes, a few times a second at most.</summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _gone = new();

    [Inject]
    private Pulse Pulse { get; set; } = null!;

    [Inject]
    protected TimeProvider Time { get; set; } = null!;

    [CascadingParameter]
    public required Desk Desk { get; set; }

    /// <summary>Reads what is shown; called for new parameters and for each beat.</summary>
    protected abstract void Look();

    protected override void OnParametersSet() => Look();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || _gone.IsCancellationRequested) return;
        // The page may be left at any time, and a source that is disposed gives no token.
        var gone = _gone.Token;
        using var beats = Pulse.Listen();
        try
        {
            // What changed between the first look and now was heard by nobody.
            Again();
            while (true)
            {
                await Task.Delay(Calm, Time, gone);
                await beats.Next(gone);
                Again();
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The page was left: that is how this ends.
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _gone.Cancel();
        _gone.Dispose();
    }

    private void Again()
    {
        Look();
        StateHasChanged();
    }
}
