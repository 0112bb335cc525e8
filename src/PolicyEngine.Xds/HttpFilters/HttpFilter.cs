using Google.Protobuf;
using PolicyEngine.Ir;

namespace PolicyEngine.Xds.HttpFilters;

/// <summary>
/// The order of filters in every listener. Requests pass from top to bottom; what refuses cheaply and surely comes before what counts,
/// and the router is last. A new filter takes a named place here.
/// </summary>
public enum FilterSlot
{
    Fault,
    AuthorizationDeny,
    AuthorizationAllow,
    RateLimit,
    Router,
}

/// <summary>
/// An HTTP filter. Every listener has every filter, idle; a route's policies switch it on by per-route configuration. So no policy ever
/// changes a listener, and no connection is drained for one.
/// </summary>
public abstract class HttpFilter
{
    public abstract FilterSlot Slot { get; }

    /// <summary>Name in the filter chain and key of the per-route configuration.</summary>
    public abstract string Name { get; }

    /// <summary>Whether gRPC clients without a proxy know it.</summary>
    public virtual bool WorksProxyless => false;

    /// <summary>The configuration under which it does nothing.</summary>
    public abstract IMessage Idle();

    /// <summary>What the route asks of it, or null.</summary>
    public virtual IMessage? OnRoute(Route route) => null;
}
