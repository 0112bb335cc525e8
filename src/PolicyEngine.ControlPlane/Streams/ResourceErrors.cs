namespace PolicyEngine.ControlPlane.Streams;

/// <summary>
/// Which names a response says with a reason (<c>resource_errors</c>): those that the client asked for by name and that are not there, or not any
/// more. In state of the world it has no other way to know that but to wait; in delta they are among the removed as well, for who does not read reasons.
/// </summary>
internal static class ResourceErrors
{
    public static IReadOnlyList<string> Of(Pending ready, TypeState state) => [.. ready.Removed.Where(state.Subscription.Names.Contains).Order(StringComparer.Ordinal)];
}
