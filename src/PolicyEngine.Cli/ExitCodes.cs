namespace PolicyEngine.Cli;

/// <summary>What a command ends with; the same for every command.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Error = 1;
    public const int NeedsAnswer = 2;
    public const int Refused = 3;
    public const int Findings = 4;
}
