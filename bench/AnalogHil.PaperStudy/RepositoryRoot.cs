namespace AnalogHil.PaperStudy;

/// <summary>The folder of the repository: the first with the solution, upwards from here or from the program.</summary>
internal static class RepositoryRoot
{
    private const string Mark = "AnalogHil.sln";

    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static string Find() => Above(Directory.GetCurrentDirectory()) ?? Above(AppContext.BaseDirectory)
        ?? throw new DirectoryNotFoundException($"no folder above '{Directory.GetCurrentDirectory()}' holds {Mark}; run the study from the repository");

    private static string? Above(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Mark)))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
