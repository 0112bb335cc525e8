using Envoy.Config.Core.V3;
using PolicyEngine.Ir;
using EnvoyRoute = Envoy.Config.Route.V3.Route;

namespace PolicyEngine.Xds.Headers;

internal static class HeaderEmitter
{
    public static void Apply(Route route, EnvoyRoute target)
    {
        foreach (var edit in route.Traffic.Headers)
        {
            var request = edit.Side == HeaderSide.Request;
            if (edit.Operation == HeaderOperation.Remove) (request ? target.RequestHeadersToRemove : target.ResponseHeadersToRemove).Add(edit.Name);
            else (request ? target.RequestHeadersToAdd : target.ResponseHeadersToAdd).Add(Option(edit));
        }
    }

    private static HeaderValueOption Option(HeaderEdit edit) => new()
    {
        // A '%' begins a command in Envoy's header values; a policy's value is literal.
        Header = new HeaderValue { Key = edit.Name, Value = edit.Value.Replace("%", "%%", StringComparison.Ordinal) },
        AppendAction = edit.Operation switch
        {
            HeaderOperation.Set => HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd,
            HeaderOperation.Add => HeaderValueOption.Types.HeaderAppendAction.AddIfAbsent,
            _ => HeaderValueOption.Types.HeaderAppendAction.AppendIfExistsOrAdd,
        },
        KeepEmptyValue = edit.Value.Length == 0,
    };
}
