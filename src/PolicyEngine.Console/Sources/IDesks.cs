using System.Security.Claims;
using PolicyEngine.Engine.Desks;

namespace PolicyEngine.Console.Sources;

/// <summary>Gives who is signed in their desk; null where they no longer are.</summary>
public interface IDesks
{
    Desk? Of(ClaimsPrincipal person);
}
