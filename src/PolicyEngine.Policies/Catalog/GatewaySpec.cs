using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies.Catalog;

public enum ListenerProtocol { Http }

public sealed record GatewaySpec : CatalogSpec
{
    [Field("Sockets that accept requests.", NotEmpty = true, MaxItems = 32)]
    public required ImmutableArray<ListenerSpec> Listeners { get; init; }

    public override IEnumerable<Flaw> Check()
    {
        for (var i = 0; i < Listeners.Length; i++)
            if (Listeners.Take(i).Any(l => l.Name == Listeners[i].Name))
                yield return new Flaw(DiagnosticCatalogue.DuplicateDocument, $"listeners[{i}].name", $"listener '{Listeners[i].Name}' stands twice");
    }
}

public sealed record ListenerSpec
{
    [Field("Unique within the gateway.", Pattern = Patterns.Name, Expected = Patterns.NameExpected, Example = "http")]
    public required string Name { get; init; }

    [Field("Address to listen on.", MaxLength = 45, Pattern = "^[0-9a-fA-F:.]+$", Expected = "an IP address")]
    public string Address { get; init; } = "0.0.0.0";

    [Field("TCP port.", Min = 1, Max = 65535)]
    public required int Port { get; init; }

    [Field("What it speaks.")]
    public ListenerProtocol Protocol { get; init; }

    [Field("TLS, where it is to be spoken (https).")]
    public ListenerTlsSpec? Tls { get; init; }

    [Field("Hosts it answers for; all, if none is named.", Pattern = Patterns.Host, Expected = Patterns.HostExpected, MaxItems = 1000)]
    public ImmutableArray<string> Hostnames { get; init; } = [];
}

public sealed record ListenerTlsSpec
{
    [Field("The secret whose certificate clients are shown.", Pattern = Patterns.Name, Expected = Patterns.NameExpected, Example = "shop-tls")]
    public required string Secret { get; init; }

    [Field("The secret of the authority that must have signed the certificates of clients; they need none, if not given.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public string? ClientCa { get; init; }
}
