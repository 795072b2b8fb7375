namespace Polls.Tests.AppHost;

/// <summary>A fact that only root can run.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = Environment.IsPrivilegedProcess ? null : "Only root can run PostgreSQL as another user.";
}
