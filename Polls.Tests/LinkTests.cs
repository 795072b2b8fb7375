using System.Text.RegularExpressions;

namespace Polls.Tests;

/// <summary>
/// Every link of README, CONTRIBUTING, CHANGELOG and docs to a file in the repository leads to an existing file and
/// heading.
/// </summary>
public sealed partial class LinkTests
{
    private static readonly string[] Pages =
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md"),
        .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories),
    ];

    [Fact]
    public void Every_link_within_the_repository_leads_somewhere()
    {
        var links = Pages.SelectMany(page => Link().Matches(File.ReadAllText(page)).Select(link => (Page: page, Target: link.Groups[1].Value))).ToList();
        links.ShouldContain((Repository.PathOf("README.md"), "docs/configuration.md"), "the search finds a known link");
        links.Where(link => !LeadsSomewhere(link.Page, link.Target))
            .Select(link => $"{Path.GetRelativePath(Repository.Root, link.Page)}: {link.Target}").ShouldBeEmpty();
    }

    private static bool LeadsSomewhere(string page, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? page : Path.GetFullPath(parts[0], Path.GetDirectoryName(page)!);
        return parts.Length == 1 ? Path.Exists(path)
            : File.Exists(path) && Heading().Matches(File.ReadAllText(path)).Any(heading => Anchor(heading.Groups[1].Value) == parts[1]);
    }

    // The anchors that GitHub and GitLab generate for headings.
    private static string Anchor(string heading) => NotInAnchors().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?!https?:)([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
