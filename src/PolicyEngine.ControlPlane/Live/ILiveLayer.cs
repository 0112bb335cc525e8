using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Live;

/// <summary>
/// What is so at the moment and was approved by nobody: the material of secrets, the health of hosts. It lies over what is published, on its way
/// to nodes only: no store, diff or journal sees it.
/// </summary>
public interface ILiveLayer
{
    /// <summary>After <see cref="Over"/> has something else to say. Raised on any thread.</summary>
    event Action? Changed;

    /// <summary>The snapshot with this laid over it; the same instance where there is nothing to add.</summary>
    Snapshot Over(Snapshot snapshot);
}
