namespace PolicyEngine.ControlPlane.Collections;

/// <summary>What a client of collections has to keep to.</summary>
public static class CollectionLimits
{
    /// <summary>Nodes in one report.</summary>
    public const int MostReportedNodes = 1000;
}
