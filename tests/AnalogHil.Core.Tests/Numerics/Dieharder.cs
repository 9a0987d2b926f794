using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AnalogHil.Core.Tests.Numerics;

/// <summary>Runs tests of Brown's program dieharder (Debian package dieharder) on a stream of words that it reads from its standard input.</summary>
internal static class Dieharder
{
    private const string Program = "dieharder";

    // Generator 200 of dieharder: raw words from standard input.
    private const string RawWords = "200";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Why it cannot be run; null where it can.</summary>
    public static string? Missing { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, Program)))
        ? null
        : "the program dieharder is not installed: apt-get install dieharder";

    /// <summary>Reports of one test.</summary>
    /// <param name="arguments">Number of the test and what it needs, for example "-d 200 -n 8".</param>
    /// <param name="samples">p-values that one report is made of; null for the test's own choice.</param>
    /// <param name="fill">Writes the next words of the stream.</param>
    public static IReadOnlyList<DieharderReport> Run(string arguments, int? samples, Action<Span<uint>> fill)
    {
        string[] fields = ["test_name", "ntuple", "tsamples", "psamples", "pvalues", "assessment"];
        var start = new ProcessStartInfo(Program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] all = ["-g", RawWords, .. arguments.Split(' '), "-c", ",", .. fields.SelectMany(field => new[] { "-D", field })];
        foreach (string argument in samples is { } p ? [.. all, "-p", p.ToString(CultureInfo.InvariantCulture)] : all)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> answer = process.StandardOutput.ReadToEndAsync();
        Task<string> complaints = process.StandardError.ReadToEndAsync();
        var clock = Stopwatch.StartNew();
        uint[] words = new uint[1 << 14];
        try
        {
            while (clock.Elapsed < Longest)
            {
                fill(words);
                process.StandardInput.BaseStream.Write(MemoryMarshal.AsBytes(words.AsSpan()));
            }

            process.Kill();
        }
        catch (IOException)
        {
            // It has read what it needs and closed the pipe.
        }

        process.WaitForExit();
        DieharderReport[] reports = [.. answer.Result.Split('\n').Where(line => line.Contains(',', StringComparison.Ordinal)).Select(DieharderReport.Parse)];
        return reports.Length > 0 && process.ExitCode == 0
            ? reports
            : throw new InvalidOperationException(
                $"{Program} {string.Join(' ', start.ArgumentList)} gave no result after {clock.Elapsed} (exit code {process.ExitCode}): {answer.Result} {complaints.Result}");
    }
}
