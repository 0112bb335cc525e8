using PolicyEngine.Planning;
using PolicyEngine.Planning.Models;

namespace PolicyEngine.Cli.Evals;

/// <summary>The planners that can be put to the test, by name; which model, the environment says.</summary>
internal static class Planners
{
    public static IEnumerable<string> Names => PlannerChoice.Names;

    public static IPlanner Of(string name) => PlannerChoice.Create(name, option => Environment.GetEnvironmentVariable(PlannerChoice.Variable(option))).Planner;
}
