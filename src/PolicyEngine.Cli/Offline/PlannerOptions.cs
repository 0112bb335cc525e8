using System.CommandLine;
using PolicyEngine.Planning.Models;

namespace PolicyEngine.Cli.Offline;

/// <summary><c>--planner</c> and the options that say which model; what is not given is read from the environment.</summary>
internal sealed class PlannerOptions
{
    private readonly Option<string> _planner = new("--planner") { Description = "Which planner", DefaultValueFactory = _ => "embedded" };
    private readonly Dictionary<string, Option<string?>> _model = PlannerChoice.OptionNames.ToDictionary(
        n => n,
        n => new Option<string?>("--" + n) { Description = $"{n.Replace('-', ' ')} (or {PlannerChoice.Variable(n)})", HelpName = "VALUE" },
        StringComparer.Ordinal);

    public PlannerOptions() => _planner.AcceptOnlyFromAmong(PlannerChoice.Names);

    /// <summary>Its name.</summary>
    public string Name(ParseResult parsed) => parsed.GetValue(_planner)!;

    public void AddTo(Command command)
    {
        command.Add(_planner);
        foreach (var option in _model.Values) command.Add(option);
    }

    /// <summary>Throws <see cref="ArgumentException"/> with what is wrong.</summary>
    public PlannerSet Create(ParseResult parsed) => PlannerChoice.Create(
        parsed.GetValue(_planner),
        name => (_model.TryGetValue(name, out var option) ? parsed.GetValue(option) : null) ?? Environment.GetEnvironmentVariable(PlannerChoice.Variable(name)));
}
