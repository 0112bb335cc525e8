using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using PolicyEngine.Cli.Output;
using PolicyEngine.Ir;
using PolicyEngine.Telemetry.Series;

namespace PolicyEngine.Cli.Offline;

/// <summary><c>policyctl detect</c>: scores a series row by row, as a stream.</summary>
internal static class DetectCommand
{
    public static Command Build()
    {
        var file = new Argument<string>("SERIES.csv") { Description = "Rows of timestamp,value; - for standard input" };
        var output = Inputs.Output("text", "json");
        var command = new Command("detect", "Which rows of a series are out of the ordinary, by the rows before them") { file, output };
        command.SetAction(parsed =>
        {
            var (name, json) = (parsed.GetValue(file)!, parsed.GetValue(output) == "json");
            try
            {
                using var reader = name == "-" ? Console.In : new StreamReader(name);
                return Score(reader, name, json);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Out.Error($"'{name}' cannot be read: {e.Message}");
                return ExitCodes.Error;
            }
        });
        return command;
    }

    private static int Score(TextReader reader, string name, bool json)
    {
        var (problems, found, rows) = (new List<Diagnostic>(), 0, 0);
        foreach (var row in SeriesCsv.Score(reader, name, problems.Add))
        {
            rows++;
            if (row.IsAnomaly) found++;
            // A line a row, as it comes: a stream need not end.
            if (json)
                Console.WriteLine(new JsonObject { ["timestamp"] = row.At.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture), ["value"] = double.IsFinite(row.Value) ? row.Value : null, ["score"] = Math.Round(row.Score, 6), ["anomaly"] = row.IsAnomaly }.ToJsonString());
            else if (row.IsAnomaly) Out.Line(string.Create(CultureInfo.InvariantCulture, $"{row.At:yyyy-MM-dd HH:mm:ss}  {row.Value:0.######}  score {row.Score:0.00}"));
        }
        Out.Diagnostics(problems);
        if (!json) Out.Line($"{found} of {rows} rows are out of the ordinary");
        return rows == 0 ? ExitCodes.Error : found > 0 ? ExitCodes.Findings : ExitCodes.Done;
    }
}
