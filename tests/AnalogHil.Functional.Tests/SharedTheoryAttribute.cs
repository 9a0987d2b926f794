namespace AnalogHil.Functional.Tests;

/// <summary>A theory about models and data too large for the repository, skipped with the reason where they are missing.</summary>
internal sealed class SharedTheoryAttribute : TheoryAttribute
{
    private const string Variable = "ANALOGHIL_SHARED_DATA";

    public SharedTheoryAttribute(string folder) => Skip = Find(folder) is null
        ? $"shared/data/{folder} is in no folder above the tests: the test needs the model and the data there, or {Variable} naming the folder that holds {folder}"
        : null;

    /// <summary>The folder, where it exists.</summary>
    public static string? Find(string folder)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } root)
        {
            return Directory.Exists(Path.Combine(root, folder)) ? Path.Combine(root, folder) : null;
        }

        for (DirectoryInfo? above = new(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            string candidate = Path.Combine(above.FullName, "shared", "data", folder);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
