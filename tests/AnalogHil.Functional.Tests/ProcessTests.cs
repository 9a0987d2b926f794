using System.Diagnostics;
using System.Globalization;
using AnalogHil.Daemon.Campaign.Verdicts;
using AnalogHil.Daemon.Records;

namespace AnalogHil.Functional.Tests;

/// <summary>`hil` as a process of its own.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("analoghil-test-");

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task HilRun_ToldToStop_Is75WithASafeDeviceAndResumesToAVerdict(string signal)
    {
        string record = Path.Combine(_directory.FullName, "record");
        using Process run = Start("run", "--model", "fashion-lenet", "--max-drop", "6", "--max-images", "1000", "--out", record);
        Task<string> error = run.StandardError.ReadToEndAsync();
        string? line;
        do
        {
            line = await run.StandardOutput.ReadLineAsync();
        }
        while (line?.StartsWith("learn", StringComparison.Ordinal) == false);

        using (Process kill = Process.Start("kill", [$"-{signal}", run.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync();

        Assert.Equal(75, run.ExitCode);
        Assert.Contains($"hil run --resume {record}", await error, StringComparison.Ordinal);
        CampaignRecord partial = RecordWriter.Read(record);
        Assert.Equal((RecordStatus.Partial, "safe"), (partial.Status, partial.Bench!.FinalState));
        (int code, string tables) = await FinishAsync("report", record);
        Assert.Equal(75, code);
        Assert.Contains("the record is partial and ends in step learn", tables, StringComparison.Ordinal);

        (code, tables) = await FinishAsync("run", "--resume", record);
        CampaignRecord whole = RecordWriter.Read(record);
        Assert.Equal((RecordStatus.Complete, "safe", 1), (whole.Status, whole.Bench!.FinalState, whole.Provenance.Resumptions));
        Assert.Equal((int)WireVerdict.Of(whole) - 1, code);
        Assert.Contains(whole.Verdict!.Value.ToString().ToUpperInvariant(), tables, StringComparison.Ordinal);
        Assert.Equal(partial.Calibration!.Sigmas.AsEnumerable(), whole.Calibration!.Sigmas);
        Assert.Contains(whole.Warnings, warning => warning.Contains("boot id", StringComparison.Ordinal));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task<(int Code, string Output)> FinishAsync(params string[] args)
    {
        using Process process = Start(args);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        _ = await error;
        return (process.ExitCode, output);
    }

    private Process Start(params string[] args)
    {
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "hil.dll"), .. args];

        // What starts the tests may have them ignore Ctrl-C (a shell's background does), and children inherit that; a terminal's do not.
        string[] line = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", .. command] : command;
        return Process.Start(new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = _directory.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
