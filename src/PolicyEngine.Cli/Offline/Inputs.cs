using System.CommandLine;
using PolicyEngine.Changes.DryRuns;
using PolicyEngine.Cli.Output;
using PolicyEngine.Engine;
using PolicyEngine.Ir;
using PolicyEngine.Policies;

namespace PolicyEngine.Cli.Offline;

/// <summary>Where offline commands take their documents from, and what they share.</summary>
internal static class Inputs
{
    public static Option<string?> Catalog() => new("--catalog") { Description = "Folder of catalog documents (the sample shop's, if neither folder is named)", HelpName = "DIR" };

    public static Option<string?> Policies() => new("--policies") { Description = "Folder of policy documents", HelpName = "DIR" };

    public static Option<string> Output(params string[] forms)
    {
        var option = new Option<string>("--output", "-o") { Description = $"Form of the result: {string.Join(", ", forms)}", DefaultValueFactory = _ => forms[0] };
        option.AcceptOnlyFromAmong(forms);
        return option;
    }

    /// <summary>Both folders, read; null after what is wrong was said.</summary>
    public static (ServiceCatalog Catalog, PolicySet Policies)? Read(string? catalog, string? policies)
    {
        if (catalog is null && policies is null)
        {
            if (SampleShop.Find() is not { } shop)
            {
                Out.Error("name a catalog: --catalog DIR");
                return null;
            }
            (catalog, policies) = (Path.Combine(shop, "catalog"), Path.Combine(shop, "policies"));
            Out.Note($"using the sample shop in {shop}");
        }
        if (catalog is null)
        {
            Out.Error("name the catalog that these policies speak of: --catalog DIR");
            return null;
        }
        var read = DocumentFolder.Read(catalog);
        var set = policies is null ? DocumentFolder.Nothing : DocumentFolder.Read(policies);
        var diagnostics = read.Diagnostics.Concat(set.Diagnostics).ToList();
        if (diagnostics.HasErrors())
        {
            Out.Diagnostics(diagnostics);
            return null;
        }
        return (new ServiceCatalog(read.Documents), new PolicySet(set.Documents));
    }

    public static PolicySet? ReadPolicies(string folder)
    {
        var read = DocumentFolder.Read(folder);
        if (!read.Diagnostics.HasErrors()) return new PolicySet(read.Documents);
        Out.Diagnostics(read.Diagnostics);
        return null;
    }

    public static Candidate Compile((ServiceCatalog Catalog, PolicySet Policies) input) => Candidate.Of(input.Catalog, input.Policies);
}
