using System.Collections.Immutable;

namespace AnalogHil.Devices.Benches;

/// <summary>A bench file or profile that cannot be used; holds every error found, not only the first.</summary>
public sealed class BenchFileException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="errors">All that is wrong in it.</param>
    public BenchFileException(string path, IEnumerable<BenchFileError> errors)
        : this(path, errors.ToImmutableArray())
    {
    }

    private BenchFileException(string path, ImmutableArray<BenchFileError> errors)
        : base($"{path}: {errors.Length} {(errors.Length == 1 ? "error" : "errors")}{string.Concat(errors.Select(error => $"\n  {error}"))}")
    {
        Path = path;
        Errors = errors;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>All that is wrong in it.</summary>
    public ImmutableArray<BenchFileError> Errors { get; }
}
