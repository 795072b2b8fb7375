using Polls.AppHost.Data;
using Polls.AppHost.Processes;

namespace Polls.AppHost;

/// <summary>Shared by all parts of one cluster.</summary>
internal sealed record PartContext(ClusterOptions Options, DataFolder Folder, Guard Guard);
