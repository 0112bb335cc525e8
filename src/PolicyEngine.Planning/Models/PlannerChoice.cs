namespace PolicyEngine.Planning.Models;

/// <summary>Which planner, by name and options: the same on the server, on the command line and in evaluations.</summary>
public static class PlannerChoice
{
    public static readonly string[] Names = ["embedded", "model"];

    /// <summary>Options that say which model, by name: those of <see cref="ModelOptions.Read"/>.</summary>
    public static readonly string[] OptionNames =
        ["model", "model-provider", "model-endpoint", "model-key-variable", "model-time-limit", "model-rounds", "model-max-output-tokens", "model-max-prompt-characters"];

    /// <summary>An option's variable in the environment: <c>POLICYENGINE_MODEL_PROVIDER</c>.</summary>
    public static string Variable(string option) => "POLICYENGINE_" + option.Replace('-', '_').ToUpperInvariant();

    /// <summary>Throws <see cref="ArgumentException"/> with what is wrong. The embedded planner needs nothing, whatever model is set.</summary>
    public static PlannerSet Create(string? planner, Func<string, string?> option, TimeProvider? time = null)
    {
        if (planner is null or "" or "embedded") return Planners.Create(null);
        if (planner != "model") throw new ArgumentException($"planner '{planner}' is none of {string.Join(", ", Names)}");
        var (options, problems) = ModelOptions.Read(option);
        if (problems.Length > 0) throw new ArgumentException(string.Join("; ", problems));
        return Planners.Create(options ?? throw new ArgumentException($"planner 'model' needs a model: --model NAME, or {Variable("model")} in the environment"), time: time);
    }
}
