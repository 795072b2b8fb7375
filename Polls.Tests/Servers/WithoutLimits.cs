using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Polls.Tests.Servers;

/// <summary>
/// Tests come from one address, and fast: instances that they start have no rate limits, except where a test turns them on
/// (<c>Limits/</c>). And they sign in hundreds of times: a password costs them a seventh of what it costs others, which is still
/// far more than the rest of a request. What it costs others is in <c>PasswordCostTests</c>.
/// </summary>
internal static class WithoutLimits
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Before the first process is started.")]
    internal static void Begin()
    {
        Environment.SetEnvironmentVariable("Limits__Enabled", "false");
        Environment.SetEnvironmentVariable("Accounts__PasswordIterations", "30000");
    }
}
