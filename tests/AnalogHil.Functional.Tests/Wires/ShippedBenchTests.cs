using System.Diagnostics;
using System.Globalization;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Records;
using AnalogHil.Devices.Serial.Tests;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;
using Xunit.Abstractions;

namespace AnalogHil.Functional.Tests.Wires;

/// <summary>Whole campaigns on the serial benches that come with the program: firmware on this machine, and on an emulated controller.</summary>
public sealed class ShippedBenchTests(ITestOutputHelper output) : IAsyncLifetime
{
    // A watchdog for a machine so busy that the emulator is not run for seconds.
    private static readonly string[] Emulated = ["-DCMAKE_TOOLCHAIN_FILE=hal/mps2-an385/toolchain.cmake", "-DAH_WATCHDOG=5000"];

    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [ProgramsFact("cmake", "make", "cc")]
    public async Task Run_OnThePosixBenchInSmall_EndsWithAVerdict()
    {
        Build("host", "--target", "analoghil-fw-posix");
        CampaignRecord record = await RunAsync("serial-posix", maxImages: 250, maxDrop: 15, halfWidth: 20);
        Assert.Equal(Core.Statistics.Verdict.Accept, record.Verdict);
        Assert.Equal(4, record.Twin.Length);
    }

    [ProgramsFact("cmake", "make", "cc")]
    public async Task Calibrate_OnThePosixBenchStoppedAndResumed_EndsWholeWithItsReads()
    {
        Build("host", "--target", "analoghil-fw-posix");
        var calibrations = new CalibrationService.CalibrationServiceClient(_daemon.Invoker);
        var asked = new CalibrateRequest
        {
            Mutation = TestDaemon.NewRequest(), Bench = "serial-posix", OutputDirectory = _daemon["calibrated"], Routines = { "column-sigma", "mix" },
            Tiles = { 0 }, SigmaHalfWidthPercent = 20, ColumnHalfWidthPercent = 20,
        };
        Operation started = await calibrations.CalibrateAsync(asked);
        using AsyncServerStreamingCall<OperationServiceWatchOperationResponse> watch = new OperationService.OperationServiceClient(_daemon.Invoker)
            .WatchOperation(new OperationServiceWatchOperationRequest { Name = started.Name });
        do
        {
            Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        }
        while (watch.ResponseStream.Current.Operation.Metadata.Unpack<OperationMetadata>().Phase.Length == 0);

        await _daemon.Operations.CancelOperationAsync(new CancelOperationRequest { Name = started.Name });
        Operation stopped = await _daemon.Operations.WaitOperationAsync(new WaitOperationRequest { Name = started.Name });
        Assert.Equal((int)StatusCode.Cancelled, stopped.Error.Code);

        var resumed = new CalibrateRequest { Mutation = TestDaemon.NewRequest(), OutputDirectory = asked.OutputDirectory, Resume = true };
        Operation goesOn = await calibrations.CalibrateAsync(resumed);
        Operation ended = await _daemon.Operations.WaitOperationAsync(new WaitOperationRequest { Name = goesOn.Name });
        Assert.True(ended.Error is null, ended.Error?.Message);
        CalibrateResponse response = ended.Response.Unpack<CalibrateResponse>();
        CalibrationDocument document = DocumentFile.Read(asked.OutputDirectory);
        foreach (NamedFigure figure in document.Figures())
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{figure.Name}: {figure.Value.Value:G4} [{figure.Value.Interval.Low:G4}, {figure.Value.Interval.High:G4}] {figure.Value.Unit}, "
                    + $"n {figure.Value.N}"));
        }

        Assert.True(response.Whole);
        Assert.Equal((1, "hardware", response.Calibration.Name), (document.Resumptions, document.Tier, document.Id));
        Assert.True(document.Figures().Single(figure => figure.Name == "sigma.Thermal").Present);
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(asked.OutputDirectory, "reads", "mix")));
    }

    [ProgramsFact("cmake", "make", "cc")]
    [Trait("Category", "Long")]
    public async Task Run_OnThePosixBenchInFull_Accepts()
    {
        Build("host", "--target", "analoghil-fw-posix");
        CampaignRecord record = await RunAsync("serial-posix", maxImages: null, maxDrop: 2, halfWidth: 5);
        Assert.Equal(Core.Statistics.Verdict.Accept, record.Verdict);
    }

    [ProgramsFact("cmake", "make", "arm-none-eabi-gcc", "qemu-system-arm")]
    [Trait("Category", "Long")]
    public async Task Run_OnTheEmulatedController_EndsWithAnHonestVerdict()
    {
        Build("arm-patient");
        string small = _daemon["small"];
        PooledImages.Write(small, 1500);
        CampaignRecord record = await RunAsync("serial-qemu", maxImages: null, maxDrop: 3, halfWidth: 20, Path.Combine(small, "net.onnx"), small);

        // As many images as its UART carries in minutes: whether they are enough is the statistics' business.
        Assert.NotEqual(Core.Statistics.Verdict.Reject, record.Verdict);
        Assert.Equal(RecordStatus.Complete, record.Status);
        Assert.Single(record.Twin);
    }

    private async Task<CampaignRecord> RunAsync(string bench, int? maxImages, double maxDrop, double halfWidth, string? model = null, string? data = null)
    {
        RunRequest request = _daemon.Quick(bench, bench);
        request.Model = model ?? request.Model;
        request.Data = data ?? request.Data;
        request.MaxDropPoints = maxDrop;
        request.SigmaHalfWidthPercent = halfWidth;
        request.ClearMaxImages();
        if (maxImages is { } most)
        {
            request.MaxImages = most;
        }

        long begin = Stopwatch.GetTimestamp();
        CampaignEvent last = await _daemon.EndAsync(await _daemon.Campaigns.RunAsync(request));
        Assert.True(last.KindCase == CampaignEvent.KindOneofCase.Result, last.Error?.Message);
        CampaignRecord record = RecordWriter.Read(request.OutputDirectory);
        foreach (string warning in record.Warnings)
        {
            output.WriteLine(warning);
        }

        output.WriteLine($"{bench}: {record.Verdict} in {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s; {last.Result.Reason}");
        Assert.Equal("safe", record.Bench!.FinalState);
        Assert.Equal("crossbar", record.Bench.Architecture);
        return record;
    }

    private static void Build(string target, params string[] options)
    {
        string source = Path.Combine(Repository.Root, "firmware-stubs");
        string folder = Path.Combine(source, "build", target);
        Run(["-S", source, "-B", folder, .. target == "host" ? Array.Empty<string>() : Emulated]);
        Run(["--build", folder, .. options]);
    }

    private static void Run(string[] arguments)
    {
        using Process cmake = Process.Start(new ProcessStartInfo("cmake", arguments) { RedirectStandardOutput = true })!;
        string said = cmake.StandardOutput.ReadToEnd();
        cmake.WaitForExit();
        Assert.True(cmake.ExitCode == 0, $"cmake {string.Join(' ', arguments)} failed: {said}");
    }
}
