using System.Collections;
using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using PolicyEngine.Ir;
using Validate;
using RuleSet = Validate.FieldRules;

namespace PolicyEngine.Xds.Linting;

/// <summary>
/// The rules that Envoy's API declares on its own fields (protoc-gen-validate), read from the descriptors and applied to any message, Any
/// contents included. Envoy generates C++ from the same rules and refuses what breaks one.
/// </summary>
public static class FieldRules
{
    private const int MaxDepth = 128;

    private static readonly ConcurrentDictionary<MessageDescriptor, Plan> Plans = new();

    public static IReadOnlyList<Violation> Check(IMessage message)
    {
        var walk = new Walk();
        walk.Check(message);
        return walk.Violations;
    }

    private static bool IsRequired(RuleSet? rules) => rules switch
    {
        null => false,
        { Message.Required: true } or { Duration.Required: true } or { Timestamp.Required: true } or { Any.Required: true } => true,
        _ => false,
    };

    /// <summary>One walk over one message. Nearly all messages are right, so nothing is written down until something is wrong.</summary>
    private sealed class Walk
    {
        private readonly FieldPath _path = new();
        private readonly Action<string> _report;

        public Walk() => _report = problem => Report(DiagnosticCatalogue.RuleViolation, problem);

        public List<Violation> Violations { get; } = [];

        public void Check(IMessage message)
        {
            if (_path.Depth > MaxDepth) return;
            if (message is Any any)
            {
                Unpacked(any);
                return;
            }
            var plan = Plans.GetOrAdd(message.Descriptor, Plan.Of);
            foreach (var oneof in plan.RequiredOneofs)
                if (oneof.Accessor.GetCaseFieldDescriptor(message) is null) _report($"one of {string.Join(", ", oneof.Fields.Select(f => f.Name))} is needed");
            foreach (var (field, rules) in plan.Fields)
            {
                _path.Into(field.Name);
                Field(message, field, rules);
                _path.Out();
            }
        }

        private void Field(IMessage message, FieldDescriptor field, RuleSet? rules)
        {
            // A member of a oneof that is not the chosen one, or an absent optional, has no value to break a rule with.
            var present = !field.HasPresence || field.Accessor.HasValue(message);
            if (field.ContainingOneof is not null && !present) return;
            switch (present ? field.Accessor.GetValue(message) : null)
            {
                case null:
                    if (IsRequired(rules)) _report("is needed");
                    break;
                case IDictionary map:
                    if (rules?.Map is { } mapRules) CountRule.Check(mapRules, map, _report);
                    if (map.Count == 0) break;
                    foreach (DictionaryEntry entry in map) Element(entry.Key, entry.Value!, rules?.Map?.Values);
                    break;
                case IList list:
                    if (rules?.Repeated is { } repeated) CountRule.Check(repeated, list, _report);
                    for (var i = 0; i < list.Count; i++) Element(i, list[i]!, rules?.Repeated?.Items);
                    break;
                case { } value:
                    if (rules is not null) ValueRule.Check(rules, value, _report);
                    if (value is IMessage child && rules?.Message?.Skip != true) Check(child);
                    break;
            }
        }

        private void Element(object index, object value, RuleSet? rules)
        {
            _path.At(index);
            if (rules is not null) ValueRule.Check(rules, value, _report);
            if (value is IMessage inner) Check(inner);
            _path.Out();
        }

        private void Unpacked(Any any)
        {
            if (any.TypeUrl.Length == 0) return;
            if (EnvoyTypes.Find(any.TypeUrl) is not { } descriptor)
            {
                Report(DiagnosticCatalogue.UnknownExtension, $"'{any.TypeUrl}' is not a type that is known here; its content was not checked");
                return;
            }
            try
            {
                Check(descriptor.Parser.ParseFrom(any.Value));
            }
            catch (InvalidProtocolBufferException e)
            {
                Report(DiagnosticCatalogue.UnparsableResource, $"the content is no {descriptor.FullName}: {e.Message}");
            }
        }

        private void Report(DiagnosticRule rule, string problem) => Violations.Add(new Violation(rule, _path.ToString(), problem));
    }

    /// <summary>What there is to check on messages of a type.</summary>
    private sealed record Plan(IReadOnlyList<(FieldDescriptor Field, RuleSet? Rules)> Fields, IReadOnlyList<OneofDescriptor> RequiredOneofs)
    {
        public static Plan Of(MessageDescriptor type)
        {
            var options = type.GetOptions();
            if (options?.GetExtension(ValidateExtensions.Disabled) == true || options?.GetExtension(ValidateExtensions.Ignored) == true) return new Plan([], []);
            var fields = type.Fields.InDeclarationOrder()
                .Select(f => (Field: f, Rules: f.GetOptions()?.GetExtension(ValidateExtensions.Rules)))
                .Where(f => f.Rules is not null || f.Field.FieldType == FieldType.Message)
                .ToList();
            return new Plan(fields, [.. type.Oneofs.Where(o => !o.IsSynthetic && o.GetOptions()?.GetExtension(ValidateExtensions.Required) == true)]);
        }
    }
}
