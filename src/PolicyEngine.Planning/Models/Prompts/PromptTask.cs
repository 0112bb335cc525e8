using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using NJsonSchema;
using PolicyEngine.Ir;

namespace PolicyEngine.Planning.Models.Prompts;

/// <summary>
/// One folder of <c>prompts/</c>: <c>config.json</c> and <c>skprompt.txt</c> in Semantic Kernel's form, <c>schema.json</c> of the answer, <c>examples.json</c>.
/// Its revision is a hash of the four, so that a plan can say which words it came from.
/// </summary>
internal sealed class PromptTask
{
    private static readonly Kernel Kernel = new();

    private readonly IPromptTemplate _template;
    private readonly string _examples;

    private PromptTask(string name)
    {
        string Read(string file)
        {
            using var stream = typeof(PromptTask).Assembly.GetManifestResourceStream($"prompts/{name}/{file}") ?? throw new FileNotFoundException($"prompts/{name}/{file} is not part of the assembly");
            return new StreamReader(stream, Encoding.UTF8).ReadToEnd().ReplaceLineEndings("\n");
        }
        var (config, template, schema, examples) = (Read("config.json"), Read("skprompt.txt"), Read("schema.json"), Read("examples.json"));
        var configuration = PromptTemplateConfig.FromJson(config);
        configuration.Template = template;
        _template = new KernelPromptTemplateFactory().Create(configuration);
        Schema = (JsonObject)JsonNode.Parse(schema)!;
        Validator = JsonSchema.FromJsonAsync(schema).GetAwaiter().GetResult();
        Examples = (JsonArray)JsonNode.Parse(examples)!;
        _examples = string.Join("\n", Examples.Select(e => $"said: {e!["said"]}\nanswer: {e["answer"]!.ToJsonString(PromptJson.Options)}"));
        Revision = Revision.Combine([("config.json", Revision.Of(config)), ("skprompt.txt", Revision.Of(template)), ("schema.json", Revision.Of(schema)), ("examples.json", Revision.Of(examples))]);
    }

    /// <summary>An intent to edits of policy documents.</summary>
    public static PromptTask Plan { get; } = new("plan");

    public Revision Revision { get; }

    public JsonObject Schema { get; }

    public JsonSchema Validator { get; }

    /// <summary>Of <c>{said, answer}</c>.</summary>
    public JsonArray Examples { get; }

    /// <summary>
    /// The messages that ask. What is put into the template is escaped by it, and taken apart again only after the messages were told from one another: no
    /// request can open a message of its own.
    /// </summary>
    public async Task<ChatHistory> RenderAsync(string request, bool systemMessage, CancellationToken cancellation)
    {
        var text = await _template.RenderAsync(Kernel, new KernelArguments { ["examples"] = _examples, ["request"] = request }, cancellation);
        var messages = XDocument.Parse($"<messages>{text}</messages>").Root!.Elements("message").Select(m => (Role: (string?)m.Attribute("role"), Text: m.Value.Trim())).ToList();
        var history = new ChatHistory();
        var before = "";
        foreach (var (role, message) in messages)
        {
            if (role == "system" && systemMessage) history.AddSystemMessage(message);
            else if (role == "system") before = message + "\n\n";
            else history.AddUserMessage(before + message);
        }
        return history;
    }
}
