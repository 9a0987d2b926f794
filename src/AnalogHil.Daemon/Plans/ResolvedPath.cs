namespace AnalogHil.Daemon.Plans;

/// <summary>One name for each place in the file system: absolute, without links and without a separator at its end.</summary>
internal static class ResolvedPath
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <summary>The name of a place. What is not there, or may not be looked at, stays as it was named.</summary>
    public static string Of(string path)
    {
        string named = Trimmed(path);
        for (int links = 0; links < MostLinks && WithoutFirstLink(named) is { } next; links++)
        {
            named = next;
        }

        return named;
    }

    // From the root, so that what a relative link begins at has no links itself. Null where there is none.
    private static string? WithoutFirstLink(string path)
    {
        var above = new Stack<string>();
        for (string? at = path; at is not null; at = Path.GetDirectoryName(at))
        {
            above.Push(at);
        }

        foreach (string at in above)
        {
            if (TargetOf(at) is { } target)
            {
                return Trimmed(Path.Combine(target, Path.GetRelativePath(at, path)));
            }
        }

        return null;
    }

    private static string Trimmed(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static string? TargetOf(string path)
    {
        try
        {
            return Directory.ResolveLinkTarget(path, returnFinalTarget: false)?.FullName;
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
