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
    private const int MaxDepth = 64;

    private static readonly ConcurrentDictionary<MessageDescriptor, Plan> Plans = new();

    public static IEnumerable<Violation> Check(IMessage message)
    {
        var violations = new List<Violation>();
        Check(message, "", 0, violations);
        return violations;
    }

    private static void Check(IMessage message, string path, int depth, List<Violation> violations)
    {
        if (depth > MaxDepth) return;
        if (message is Any any)
        {
            Unpacked(any, path, depth, violations);
            return;
        }
        var plan = Plans.GetOrAdd(message.Descriptor, Plan.Of);
        foreach (var oneof in plan.RequiredOneofs)
            if (oneof.Accessor.GetCaseFieldDescriptor(message) is null)
                violations.Add(new Violation(DiagnosticCatalogue.RuleViolation, path, $"one of {string.Join(", ", oneof.Fields.Select(f => f.Name))} is needed"));
        foreach (var (field, rules) in plan.Fields) Field(message, field, rules, Join(path, field.Name), depth, violations);
    }

    private static void Field(IMessage message, FieldDescriptor field, RuleSet? rules, string path, int depth, List<Violation> violations)
    {
        // A member of a oneof that is not the chosen one, or an absent optional, has no value to break a rule with.
        var present = !field.HasPresence || field.Accessor.HasValue(message);
        if (field.ContainingOneof is not null && !present) return;
        var value = present ? field.Accessor.GetValue(message) : null;
        void Report(string problem) => violations.Add(new Violation(DiagnosticCatalogue.RuleViolation, path, problem));
        switch (value)
        {
            case null:
                if (IsRequired(rules)) Report("is needed");
                break;
            case IDictionary map:
                if (rules?.Map is { } mapRules) CountRule.Check(mapRules, map, Report);
                foreach (DictionaryEntry entry in map)
                {
                    var at = $"{path}[{entry.Key}]";
                    if (entry.Value is IMessage inner) Check(inner, at, depth + 1, violations);
                    else if (rules?.Map?.Values is { } valueRules) ValueRule.Check(valueRules, entry.Value!, p => violations.Add(new Violation(DiagnosticCatalogue.RuleViolation, at, p)));
                }
                break;
            case IList list:
                if (rules?.Repeated is { } repeated) CountRule.Check(repeated, list, Report);
                for (var i = 0; i < list.Count; i++)
                {
                    var at = $"{path}[{i}]";
                    if (rules?.Repeated?.Items is { } itemRules) ValueRule.Check(itemRules, list[i]!, p => violations.Add(new Violation(DiagnosticCatalogue.RuleViolation, at, p)));
                    if (list[i] is IMessage inner) Check(inner, at, depth + 1, violations);
                }
                break;
            default:
                if (rules is not null) ValueRule.Check(rules, value, Report);
                if (value is IMessage child && rules?.Message?.Skip != true) Check(child, path, depth + 1, violations);
                break;
        }
    }

    private static void Unpacked(Any any, string path, int depth, List<Violation> violations)
    {
        if (any.TypeUrl.Length == 0) return;
        if (EnvoyTypes.Find(any.TypeUrl) is not { } descriptor)
        {
            violations.Add(new Violation(DiagnosticCatalogue.UnknownExtension, path, $"'{any.TypeUrl}' is not a type that is known here; its content was not checked"));
            return;
        }
        try
        {
            Check(descriptor.Parser.ParseFrom(any.Value), path, depth + 1, violations);
        }
        catch (InvalidProtocolBufferException e)
        {
            violations.Add(new Violation(DiagnosticCatalogue.UnparsableResource, path, $"the content is no {descriptor.FullName}: {e.Message}"));
        }
    }

    private static bool IsRequired(RuleSet? rules) => rules switch
    {
        null => false,
        { Message.Required: true } or { Duration.Required: true } or { Timestamp.Required: true } or { Any.Required: true } => true,
        _ => false,
    };

    private static string Join(string path, string field) => path.Length == 0 ? field : $"{path}.{field}";

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
