using System.Collections.Immutable;
using PolicyEngine.Cli.Evals;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Faults;
using PolicyEngine.Policies.Headers;
using PolicyEngine.Policies.Mirrors;
using PolicyEngine.Policies.RateLimits;
using PolicyEngine.Policies.Retries;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.Timeouts;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Cli.Tests.Evals;

/// <summary>From what a case expects to policies that do it: what a planner that understands everything would write. Shows that the cases can be met.</summary>
internal sealed class GoldPlans(World world, TimeSpan? ends)
{
    private PolicySet _policies = world.Policies;
    private int _made;

    public static ImmutableArray<PolicyEdit> Edits(World world, EvalCase @case)
    {
        var gold = new GoldPlans(world, @case.Ends);
        foreach (var effect in @case.Effect) gold.Apply(effect);
        return world.Policies.EditsTo(gold._policies);
    }

    private void Apply(Effect e)
    {
        Routes(e);
        if (e.Timeout is { } request) Put<TimeoutSpec>(e, s => Kept((s ?? new TimeoutSpec { Target = Of(e) }) with { Request = Time(request) }));
        if (e.Idle is { } idle) Put<TimeoutSpec>(e, s => (s ?? new TimeoutSpec { Target = Of(e) }) with { Idle = Time(idle) });
        if (e.Connect is { } connect) Put<TimeoutSpec>(e, s => (s ?? new TimeoutSpec { Target = Of(e) }) with { Connect = Time(connect) });
        if (e.Retry is { } retry) Put<RetrySpec>(e, s => Retry(s ?? new RetrySpec { Target = Of(e), Attempts = 1 }, retry));
        if (e.Limit is { } limit) Put<RateLimitSpec>(e, _ => Limit(e, limit));
        if (!e.Mirror.IsEmpty) Put<MirrorSpec>(e, _ => new MirrorSpec { Target = Of(e), To = new MirrorDestination { Version = e.Mirror.First().Key }, Percentage = Share(e.Mirror.First().Value) });
        if (e.Delay is { } delay) Put<FaultInjectionSpec>(e, s => (s ?? new FaultInjectionSpec { Target = Of(e) }) with { Delay = new DelaySpec { Duration = delay.Duration, Percentage = delay.Share } });
        if (e.Abort is { } abort) Put<FaultInjectionSpec>(e, s => (s ?? new FaultInjectionSpec { Target = Of(e) }) with { Abort = new AbortSpec { Status = abort.Status, Percentage = abort.Share } });
        foreach (var header in e.Headers) Put<HeadersSpec>(e, s => Header(s ?? new HeadersSpec { Target = Of(e) }, header));
        if (e.Access is { } access) Authorize(e, access, shadow: false);
        if (e.Shadow is { } shadow) Authorize(e, shadow, shadow: true);
        if (e.None.Contains("retry")) Put<RetrySpec>(e, _ => null);
        if (e.None.Contains("limit")) Put<RateLimitSpec>(e, _ => null);
        if (e.None.Contains("mirror")) Put<MirrorSpec>(e, _ => null);
        if (e.None.Contains("delay")) Put<FaultInjectionSpec>(e, s => Kept(s! with { Delay = null }));
        if (e.None.Contains("abort")) Put<FaultInjectionSpec>(e, s => s is null ? null : Kept(s with { Abort = null }));
    }

    private void Routes(Effect e)
    {
        if (e.Service is { } service)
        {
            if (!e.To.IsEmpty) Put<TrafficSplitSpec>(e, _ => new TrafficSplitSpec { Target = Of(e), Backends = [.. e.To.Select(t => new SplitBackend { Version = t.Key, Weight = Share(t.Value) })] });
            if (e.Rewrite is { } rewrite)
                foreach (var (document, spec) in Standing<RouteSpec>(r => r.Backends.Any(b => b.Service == service)))
                    Put(document.With(spec with { Rewrite = new RewriteSpec { Prefix = rewrite.Prefix, Path = rewrite.Path, Host = rewrite.Host } }));
            return;
        }
        if (e is { To.IsEmpty: true, Redirect: null, Respond: null } && !e.None.Contains("route")) return;
        var (there, was) = Standing<RouteSpec>(r => e.Host is { } h && r.Hosts.Contains(h) && e.Path is [var p] && r.Matches is [{ Path.Prefix: { } prefix }] && prefix == p).FirstOrDefault();
        if (e.None.Contains("route"))
        {
            if (e.Unless is [{ Method: { IsEmpty: false } methods }]) Put(there.With(was with { Matches = [was.Matches[0] with { Methods = methods }] }));
            else Remove(there);
            return;
        }
        var route = (was ?? new RouteSpec { Hosts = [e.Host!], Matches = [.. Matches(e)] }) with
        {
            Backends = [.. e.To.Keys.Select(Backend)],
            Redirect = e.Redirect is { } r ? new RedirectSpec { Scheme = r.Scheme, Host = r.Host, Path = r.Path, Status = r.Status ?? 301 } : null,
            DirectResponse = e.Respond is { } answer ? new DirectResponseSpec { Status = answer.Status } : null,
            Rewrite = e.Rewrite is { } w ? new RewriteSpec { Prefix = w.Prefix, Path = w.Path, Host = w.Host } : null,
        };
        Put(there is null ? Document.Of(Name(), route) : there.With(route));
    }

    private void Authorize(Effect e, Access access, bool shadow)
    {
        var target = Of(e, matches: false);
        var standing = Standing<AuthorizationSpec>(a => a.Target == target && a.Shadow == shadow).ToList();
        var allow = standing.Find(s => s.Item2.Action == AuthorizationEffect.Allow);
        if (access == Access.Allow && !e.From.IsEmpty && allow.Item1 is null) standing.Where(s => s.Item2.Action == AuthorizationEffect.Deny).ToList().ForEach(s => Lift(s.Item1, s.Item2, e));
        else if (access == Access.Allow && !e.From.IsEmpty) Put(allow.Item1.With(allow.Item2 with { Rules = allow.Item2.Rules.Add(new AuthorizationRuleSpec { Cidrs = e.From }) }));
        else if (access == Access.Allow) standing.Where(s => s.Item2.Action == AuthorizationEffect.Deny).ToList().ForEach(s => Remove(s.Item1));
        else if (e.Unless.IsEmpty) Put(Document.Of(Name(), new AuthorizationSpec { Target = target, Action = AuthorizationEffect.Deny, Shadow = shadow, Rules = [Rule(e)] }));
        else
        {
            var spec = new AuthorizationSpec { Target = target, Action = AuthorizationEffect.Allow, Shadow = shadow, Rules = [.. e.Unless.Select(Rule)] };
            Put(allow.Item1?.With(spec) ?? Document.Of(Name(), spec));
        }
    }

    /// <summary>Addresses that are denied no longer.</summary>
    private void Lift(Document document, AuthorizationSpec deny, Effect e)
    {
        var rules = deny.Rules.Select(r => r with { Cidrs = [.. r.Cidrs.Where(c => !e.From.Contains(c))] }).Where(r => !r.Cidrs.IsEmpty).ToImmutableArray();
        if (rules.IsEmpty) Remove(document);
        else Put(document.With(deny with { Rules = rules }));
    }

    private static AuthorizationRuleSpec Rule(RequestScope scope) => new() { Cidrs = scope.From, Methods = scope.Method, Paths = [.. scope.Path.Select(p => new PathSpec { Prefix = p })], Headers = Named(scope.Header) };

    private static RetrySpec Retry(RetrySpec spec, RetryEffect retry) => spec with
    {
        Attempts = retry.Attempts,
        RetryOn = !retry.On.IsEmpty ? retry.On : retry.Statuses.IsEmpty ? spec.RetryOn : ["retriable-status-codes"],
        StatusCodes = retry.Statuses.IsEmpty ? spec.StatusCodes : retry.Statuses,
        PerTryTimeout = retry.PerTry ?? spec.PerTryTimeout,
        BackOff = retry.Base is { } first ? new BackOffSpec { Base = first, Max = retry.Max } : spec.BackOff,
    };

    private RateLimitSpec Limit(Effect e, LimitEffect limit) => new()
    {
        Target = Of(e),
        Requests = limit.Requests,
        Per = Enum.Parse<RateUnit>(limit.Per, ignoreCase: true),
        Burst = limit.Burst,
        Shadow = limit.Shadow,
        Key = limit.Key switch
        {
            null => null,
            "client-ip" => new RateLimitKeySpec { From = RateLimitKeySource.ClientIp },
            "path" => new RateLimitKeySpec { From = RateLimitKeySource.Path },
            var header => new RateLimitKeySpec { From = RateLimitKeySource.Header, Name = header["header ".Length..] },
        },
    };

    private static HeadersSpec? Header(HeadersSpec spec, string edit)
    {
        var words = edit.Split(' ', 3);
        var name = words[2].Split(':')[0];
        var side = (words[0] == "request" ? spec.Request : spec.Response) ?? new HeaderEditsSpec();
        side = side with { Set = [.. side.Set.Where(h => h.Name != name)], Remove = [.. side.Remove.Where(h => h != name)] };
        side = words[1] switch
        {
            "put" => side with { Set = side.Set.Add(new HeaderValueSpec { Name = name, Value = words[2][(name.Length + 2)..] }) },
            "append" => side with { Append = side.Append.Add(new HeaderValueSpec { Name = name, Value = words[2][(name.Length + 2)..] }) },
            "remove" => side with { Remove = side.Remove.Add(name) },
            _ => side,
        };
        var kept = side is { Set.IsEmpty: true, Add.IsEmpty: true, Append.IsEmpty: true, Remove.IsEmpty: true } ? null : side;
        spec = words[0] == "request" ? spec with { Request = kept } : spec with { Response = kept };
        return spec is { Request: null, Response: null } ? null : spec;
    }

    private static TimeoutSpec? Kept(TimeoutSpec spec) => spec is { Request: null, Idle: null, Connect: null } ? null : spec;

    private static FaultInjectionSpec? Kept(FaultInjectionSpec spec) => spec is { Delay: null, Abort: null } ? null : spec;

    private RouteBackend Backend(string upstream)
    {
        var (service, version) = (upstream[..upstream.IndexOf('.')], upstream[(upstream.IndexOf('.') + 1)..]);
        var spec = world.Catalog.Services[service];
        return new RouteBackend { Service = service, Version = version == (spec.DefaultVersion ?? spec.Versions[0].Name) ? null : version };
    }

    private Target Of(Effect e, bool matches = true)
    {
        var target = e.Service is { } service ? Target.OfService(service)
            : e.Fleet is { } fleet ? Target.OfFleet(fleet)
            : Target.OfGateway(world.Catalog.Gateways.First(g => g.Value.Listeners.Any(l => l.Hostnames.Contains(e.Host!))).Key);
        return matches ? target with { Matches = [.. Matches(e)] } : target;
    }

    private static IEnumerable<RequestMatch> Matches(Effect e)
    {
        var rest = new RequestMatch { Methods = e.Method, Headers = Named(e.Header), QueryParams = Named(e.Query), Cookies = Named(e.Cookie) };
        if (e.Exact is { } exact) return [rest with { Path = new PathSpec { Exact = exact } }];
        if (!e.Path.IsEmpty) return e.Path.Select(p => rest with { Path = new PathSpec { Prefix = p } });
        return e is { Method.IsEmpty: true, Header.IsEmpty: true, Query.IsEmpty: true, Cookie.IsEmpty: true } ? [] : [rest];
    }

    private static ImmutableArray<NamedSpec> Named(ImmutableSortedDictionary<string, string> values) => [.. values.Select(v => v.Value switch
    {
        "*" => new NamedSpec { Name = v.Key, Present = true },
        ['*', .., '*'] => new NamedSpec { Name = v.Key, Contains = v.Value.Trim('*') },
        [.., '*'] => new NamedSpec { Name = v.Key, Prefix = v.Value.TrimEnd('*') },
        _ => new NamedSpec { Name = v.Key, Exact = v.Value },
    })];

    /// <summary>Changes the standing policy of the same target, or makes one; a temporary one always stands beside, so that what was there comes back.</summary>
    private void Put<T>(Effect e, Func<T?, T?> change) where T : TargetedSpec
    {
        var target = Of(e);
        var (document, spec) = ends is null ? Standing<T>(s => s.Target.Scope == target.Scope && s.Target.Name == target.Name && s.Target.Matches.SequenceEqual(target.Matches)).FirstOrDefault() : default;
        if (change(spec) is { } changed) Put(document?.With(changed) ?? Document.Of(Name(), ends is null ? changed : changed with { Priority = 10 }));
        else if (document is not null) Remove(document);
    }

    private IEnumerable<(Document, T)> Standing<T>(Func<T, bool> where) where T : Spec =>
        _policies.Documents.Values.Where(d => d.Spec is T spec && where(spec)).Select(d => (d, (T)d.Spec));

    private void Put(Document document) => _policies = _policies.Apply([PolicyEdit.Upsert(ends is { } end ? document.With(document.Metadata with { ExpiresAt = EvalRunner.Now + end }) : document)]);

    private void Remove(Document document) => _policies = _policies.Apply([PolicyEdit.Remove(document)]);

    private string Name() => $"gold-{_made++}";

    private static TimeSpan? Time(string text) => Duration.TryParse(text, out var time) ? time : null;

    private static Percentage Share(string text) => Percentage.TryParse(text, out var share) ? share : throw new FormatException(text);
}
