using System.Collections.Immutable;
using PolicyEngine.Ir;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PolicyEngine.Policies.Documents;

/// <summary>
/// Text (YAML, or JSON, which is YAML too) to <see cref="DocNode"/>s, one a document. What makes YAML dangerous or surprising is left
/// out: anchors, aliases, tags, duplicate keys; size and depth are bounded. An error ends its file, and is a diagnostic with a place.
/// </summary>
public static class DocReader
{
    public const int MaxCharacters = 4 * 1024 * 1024;
    public const int MaxDepth = 32;

    public static (ImmutableArray<DocNode> Documents, ImmutableArray<Diagnostic> Diagnostics) Read(string text, string file)
    {
        if (text.Length > MaxCharacters)
            return ([], [Malformed($"the file is longer than {MaxCharacters / 1024 / 1024} MiB", new Location(file, 1, 1))]);
        var documents = ImmutableArray.CreateBuilder<DocNode>();
        try
        {
            var reader = new Reader(new YamlDotNet.Core.Parser(new StringReader(text)), file);
            while (reader.NextDocument() is { } document) documents.Add(document);
            return (documents.ToImmutable(), []);
        }
        catch (DocException e)
        {
            return (documents.ToImmutable(), [Malformed(e.Message, e.Location)]);
        }
        catch (YamlException e)
        {
            return (documents.ToImmutable(), [Malformed(Text(e), Within(text, file, e.Start))]);
        }
    }

    private static Diagnostic Malformed(string message, Location location) =>
        Diagnostic.Of(DiagnosticCatalogue.MalformedYaml, message) with { Location = location };

    /// <summary>The parser reads a line break after the end of the text; people's files end before it.</summary>
    private static Location Within(string text, string file, Mark mark)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        return mark.Line > lines.Length ? new Location(file, lines.Length, lines[^1].TrimEnd('\r').Length + 1) : new Location(file, (int)mark.Line, (int)mark.Column);
    }

    private static string Text(YamlException e)
    {
        var message = (e.InnerException?.Message ?? e.Message).TrimEnd('.');
        return message.Length <= 300 ? message : message[..300];
    }

    private sealed class DocException(string message, Location location) : Exception(message)
    {
        public Location Location { get; } = location;
    }

    private sealed class Reader(YamlDotNet.Core.Parser parser, string file)
    {
        public DocNode? NextDocument()
        {
            while (Next())
            {
                if (parser.Current is not DocumentStart) continue;
                Move();
                return Node(0);
            }
            return null;
        }

        private DocNode Node(int depth)
        {
            var current = parser.Current!;
            var location = At(current.Start);
            if (depth > MaxDepth) throw new DocException($"nested more than {MaxDepth} deep", location);
            if (current is NodeEvent { Anchor.IsEmpty: false }) throw new DocException("anchors are not part of the policy language", location);
            if (current is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } }) throw new DocException("tags are not part of the policy language", location);
            return current switch
            {
                Scalar s => new DocScalar(s.Value, s.Style is not (ScalarStyle.Plain or ScalarStyle.Any), location),
                SequenceStart => List(depth, location),
                MappingStart => Map(depth, location),
                AnchorAlias => throw new DocException("aliases are not part of the policy language", location),
                _ => throw new DocException("a value was expected here", location),
            };
        }

        private DocList List(int depth, Location location)
        {
            var items = ImmutableArray.CreateBuilder<DocNode>();
            for (Move(); parser.Current is not SequenceEnd; Move()) items.Add(Node(depth + 1));
            return new DocList(items.ToImmutable(), location);
        }

        private DocMap Map(int depth, Location location)
        {
            var fields = ImmutableArray.CreateBuilder<DocField>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            for (Move(); parser.Current is not MappingEnd; Move())
            {
                if (parser.Current is not Scalar key) throw new DocException("a field name was expected here", At(parser.Current!.Start));
                var at = At(key.Start);
                if (!key.Anchor.IsEmpty || key.Value == "<<" && key.Style == ScalarStyle.Plain) throw new DocException("anchors and merge keys are not part of the policy language", at);
                if (!seen.Add(key.Value)) throw new DocException($"the field '{key.Value}' stands twice", at);
                Move();
                fields.Add(new DocField(key.Value, Node(depth + 1), at));
            }
            return new DocMap(fields.ToImmutable(), location);
        }

        private void Move()
        {
            if (!Next()) throw new DocException("the text ends in the middle of a document", At(parser.Current?.End ?? Mark.Empty));
        }

        /// <summary>On some malformed texts (a carriage return at the end of a flow list) the parser gives up with an exception that is not its own.</summary>
        private bool Next()
        {
            try
            {
                return parser.MoveNext();
            }
            catch (InvalidOperationException)
            {
                throw new DocException("the text cannot be read as YAML after this", At(parser.Current?.End ?? Mark.Empty));
            }
        }

        private Location At(Mark mark) => new(file, (int)mark.Line, (int)mark.Column);
    }
}
