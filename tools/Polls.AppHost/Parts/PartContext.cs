using Polls.AppHost.Data;
using Polls.AppHost.Processes;

namespace Polls.AppHost;

/// <summary>What every part of one cluster shares.</summary>
internal sealed record PartContext(ClusterOptions Options, DataFolder Folder, Guard Guard);
