using PolicyEngine.Planning.Models.Backends;
using PolicyEngine.Planning.Models.Judging;

namespace PolicyEngine.Planning.Models;

/// <summary>A planner, and what tries out the model behind it; null where there is none.</summary>
public sealed class PlannerSet(IPlanner planner, ModelProber? prober, IDisposable? owned = null) : IDisposable
{
    public IPlanner Planner => planner;

    /// <summary>To be run at start, and shown; whoever does not, has it run before the first plan.</summary>
    public ModelProber? Prober => prober;

    public void Dispose() => owned?.Dispose();
}

/// <summary>The one place where planners are made.</summary>
public static class Planners
{
    /// <summary>
    /// The embedded planner where <paramref name="options"/> is null; otherwise a model judged by it. Throws <see cref="ArgumentException"/> with all that is wrong with
    /// the options. Reaches nobody yet.
    /// </summary>
    public static PlannerSet Create(ModelOptions? options, Func<string, string?>? environment = null, TimeProvider? time = null)
    {
        if (options is null) return new PlannerSet(new EmbeddedPlanner(), null);
        var problems = options.Problems().ToList();
        var key = options.KeyFrom(environment ?? Environment.GetEnvironmentVariable);
        if (key is null && options.Provider == ModelProvider.OpenAi) problems.Add($"there is no key: set {options.KeyVariable ?? ModelOptions.KeyVariableOfOpenAi}");
        if (problems.Count > 0) throw new ArgumentException($"{Ir.DiagnosticCatalogue.ModelOptionsInvalid.Code}: {string.Join("; ", problems)}");
        var http = ChatServices.Http(options);
        var model = new ModelPlanner(ChatServices.Create(options, key, http), options, time);
        return new PlannerSet(new JudgedPlanner(model), model.Prober, http);
    }
}
