using NJsonSchema;

namespace PolicyEngine.Policies.Shapes;

/// <summary>A shape as JSON Schema (NJsonSchema): what editors complete from, models are held to, and the parser agrees with (a test holds them together).</summary>
public static class SchemaWriter
{
    public static JsonSchema Write(Shape shape)
    {
        var schema = new JsonSchema();
        Fill(schema, shape);
        return schema;
    }

    /// <summary>Gives a property the form of a shape.</summary>
    public static void Fill(JsonSchema schema, Shape shape)
    {
        switch (shape)
        {
            case RecordShape record:
                Record(schema, record);
                break;
            case ListShape list:
                schema.Type = JsonObjectType.Array;
                schema.MaxItems = list.MaxItems;
                if (list.NotEmpty) schema.MinItems = 1;
                schema.Item = Write(list.Item);
                break;
            case MapShape map:
                schema.Type = JsonObjectType.Object;
                schema.MaxProperties = map.MaxItems;
                schema.AdditionalPropertiesSchema = new JsonSchema { Type = JsonObjectType.String, MaxLength = 256 };
                break;
            case ScalarShape scalar:
                Scalar(schema, scalar);
                break;
        }
    }

    private static void Record(JsonSchema schema, RecordShape shape)
    {
        schema.Type = JsonObjectType.Object;
        schema.AllowAdditionalProperties = false;
        foreach (var field in shape.Fields)
        {
            var property = new JsonSchemaProperty { Description = field.About.Description };
            Fill(property, field.Shape);
            if (field.About.Example is { } example) property.ExtensionData = new Dictionary<string, object?> { ["examples"] = new[] { example } };
            schema.Properties[field.Name] = property;
            if (field.Required) schema.RequiredProperties.Add(field.Name);
        }
        foreach (var group in shape.OneOfs)
        {
            var choice = new JsonSchema();
            foreach (var field in group.Fields) choice.OneOf.Add(Requires(field));
            if (!group.Required) choice.OneOf.Add(Excludes(group.Fields));
            schema.AllOf.Add(choice);
        }
        foreach (var group in shape.AnyOfs)
        {
            var choice = new JsonSchema();
            foreach (var field in group.Fields) choice.AnyOf.Add(Requires(field));
            schema.AllOf.Add(choice);
        }
    }

    private static void Scalar(JsonSchema schema, ScalarShape scalar)
    {
        schema.Type = scalar.Form switch
        {
            ScalarForm.Integer => JsonObjectType.Integer,
            ScalarForm.Boolean => JsonObjectType.Boolean,
            ScalarForm.TextOrNumber => JsonObjectType.String | JsonObjectType.Number,
            _ => JsonObjectType.String,
        };
        schema.Pattern = scalar.Pattern;
        schema.MaxLength = scalar.MaxLength;
        schema.Minimum = scalar.Form == ScalarForm.TextOrNumber ? 0 : scalar.Min;
        schema.Maximum = scalar.Form == ScalarForm.TextOrNumber ? 100 : scalar.Max;
        foreach (var word in scalar.Words) schema.Enumeration.Add(word);
    }

    private static JsonSchema Requires(string field)
    {
        var schema = new JsonSchema();
        schema.RequiredProperties.Add(field);
        return schema;
    }

    private static JsonSchema Excludes(IEnumerable<string> fields)
    {
        var any = new JsonSchema();
        foreach (var field in fields) any.AnyOf.Add(Requires(field));
        return new JsonSchema { Not = any };
    }
}
