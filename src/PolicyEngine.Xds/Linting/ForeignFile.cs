using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Envoy.Config.Bootstrap.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using PolicyEngine.Ir;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PolicyEngine.Xds.Linting;

/// <summary>Files that others wrote: a bootstrap, a resource, or a list of resources, as YAML or JSON.</summary>
public static class ForeignFile
{
    private const int MaxDepth = 100;

    public static ImmutableArray<Diagnostic> Check(string text, string file)
    {
        Diagnostic Unparsable(string message, int line = 1, int column = 1) =>
            Diagnostic.Of(DiagnosticCatalogue.UnparsableResource, message) with { Location = new Location(file, line, column) };
        try
        {
            var parser = new YamlDotNet.Core.Parser(new StringReader(text));
            while (parser.MoveNext() && parser.Current is not DocumentStart) { }
            if (!parser.MoveNext()) return [Unparsable("the file is empty")];
            if (Node(parser, 0) is not JsonObject root) return [Unparsable("a bootstrap or resource is a block of fields")];
            return [.. Messages(root).SelectMany(m => FieldRules.Check(m).Concat(UniqueNames.Check(m))).Distinct().Select(v => Diagnostic.Of(v.Rule, v.Message) with { Location = new Location(file, 1, 1), Field = v.Path })];
        }
        catch (YamlException e)
        {
            return [Unparsable(e.InnerException?.Message ?? e.Message, (int)e.Start.Line, (int)e.Start.Column)];
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException or InvalidOperationException or FormatException)
        {
            return [Unparsable(e.Message)];
        }
    }

    private static IEnumerable<IMessage> Messages(JsonObject root)
    {
        if (root["resources"] is JsonArray resources && (root.Count == 1 || root.ContainsKey("version_info")))
        {
            foreach (var resource in resources.OfType<JsonObject>()) yield return Typed(resource);
            yield break;
        }
        if (root.ContainsKey("@type")) yield return Typed(root);
        else if (root.ContainsKey("virtual_hosts")) yield return Parse(root, new RouteConfiguration());
        else if (root.ContainsKey("filter_chains")) yield return Parse(root, new Envoy.Config.Listener.V3.Listener());
        else if (root.ContainsKey("cluster_name")) yield return Parse(root, new ClusterLoadAssignment());
        else if (root.ContainsKey("connect_timeout") || root.ContainsKey("load_assignment")) yield return Parse(root, new Envoy.Config.Cluster.V3.Cluster());
        else
        {
            var bootstrap = Parse(root, new Bootstrap());
            yield return bootstrap;
            // Inside a bootstrap, what must be unique within each listener's routes is looked for there.
            foreach (var listener in ((Bootstrap)bootstrap).StaticResources?.Listeners.AsEnumerable() ?? [])
                foreach (var filter in listener.FilterChains.SelectMany(c => c.Filters))
                    if (filter.TypedConfig is { } any && any.TryUnpack<Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager>(out var manager) && manager.RouteConfig is { } routes)
                        yield return routes;
        }
    }

    private static IMessage Typed(JsonObject resource)
    {
        var type = (string?)resource["@type"] ?? throw new FormatException("a resource has an @type");
        var message = (IMessage)Activator.CreateInstance((EnvoyTypes.Find(type) ?? throw new FormatException($"'{type}' is not a type of the Envoy API")).ClrType)!;
        var copy = (JsonObject)resource.DeepClone();
        copy.Remove("@type");
        return Parse(copy, message);
    }

    private static IMessage Parse(JsonObject json, IMessage into) =>
        new JsonParser(JsonParser.Settings.Default.WithTypeRegistry(EnvoyTypes.Registry)).Parse(json.ToJsonString(), into.Descriptor);

    /// <summary>YAML to JSON as YAML 1.2 reads plain scalars. Anchors are other people's right; they are bounded by the depth.</summary>
    private static JsonNode? Node(YamlDotNet.Core.Parser parser, int depth)
    {
        if (depth > MaxDepth) throw new FormatException($"nested more than {MaxDepth} deep");
        switch (parser.Current)
        {
            case SequenceStart:
                var list = new JsonArray();
                for (parser.MoveNext(); parser.Current is not SequenceEnd; parser.MoveNext()) list.Add(Node(parser, depth + 1));
                return list;
            case MappingStart:
                var map = new JsonObject();
                for (parser.MoveNext(); parser.Current is not MappingEnd; parser.MoveNext())
                {
                    var key = (parser.Current as Scalar)?.Value ?? throw new FormatException("a field name was expected");
                    parser.MoveNext();
                    map[key] = Node(parser, depth + 1);
                }
                return map;
            case Scalar scalar:
                return Plain(scalar);
            default:
                throw new FormatException("aliases are not read");
        }
    }

    private static JsonNode? Plain(Scalar scalar)
    {
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)) return JsonValue.Create(scalar.Value);
        return scalar.Value switch
        {
            "" or "~" or "null" => null,
            "true" or "True" => JsonValue.Create(true),
            "false" or "False" => JsonValue.Create(false),
            var v when long.TryParse(v, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            var v when double.TryParse(v, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            var v => JsonValue.Create(v),
        };
    }
}
