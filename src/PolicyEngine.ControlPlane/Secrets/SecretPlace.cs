namespace PolicyEngine.ControlPlane.Secrets;

/// <summary>Where a text is kept: a file below the folder of secrets, or a variable of the environment.</summary>
public sealed record MaterialPlace(string? File, string? Variable)
{
    public override string ToString() => File is null ? $"env {Variable}" : $"file {File}";
}

/// <summary>A secret by its name, and where its parts are kept: a certificate and its key, or an authority.</summary>
public sealed record SecretPlace(string Name, MaterialPlace? Certificate, MaterialPlace? Key, MaterialPlace? Authority);

/// <summary>What is kept there cannot be used, in words that hold nothing of it.</summary>
internal sealed class SecretException(string message) : Exception(message);
