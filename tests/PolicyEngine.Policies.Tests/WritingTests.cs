using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Retries;
using Xunit;

namespace PolicyEngine.Policies.Tests;

/// <summary>What is written reads back as the same.</summary>
public sealed class WritingTests
{
    [Fact]
    public void EmptyList_WhereLeavingItOutWouldMeanSomething_IsWritten()
    {
        var document = Document.Of("r", new RetrySpec { Target = new() { Service = "checkout" }, Attempts = 2, RetryOn = [], StatusCodes = [503] });
        var read = Assert.Single(DocumentParser.Parse(document.ToYaml(), "r.yaml").Documents);
        Assert.Empty(((RetrySpec)read.Spec).RetryOn);
        Assert.Equal(document, read);
    }
}
