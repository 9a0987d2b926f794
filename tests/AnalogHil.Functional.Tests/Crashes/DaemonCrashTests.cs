using System.Globalization;
using AnalogHil.Devices.Serial.Tests.Transport;
using AnalogHil.Functional.Tests.Wires;
using AnalogHil.V1;
using Google.LongRunning;
using Google.Protobuf;
using Xunit.Abstractions;

namespace AnalogHil.Functional.Tests.Crashes;

/// <summary>
/// Processes `hil daemon` killed with SIGKILL while a client works: at the commits of the ledger, before, amid and after them, and at random times. Each time
/// another one is started on the same state and held against what the client was told.
/// </summary>
public sealed class DaemonCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 1122;
    private const int SliceCount = 6;
    private static readonly string[] Ways = ["before", "torn", "after"];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("analoghil-crash-");
    private readonly List<double> _recoveries = [];
    private readonly List<double> _readies = [];
    private readonly Dictionary<string, int> _outcomes = [];
    private int _acknowledged;

    public static TheoryData<int> Slices => [.. Enumerable.Range(0, SliceCount)];

    private string Inputs => Path.Combine(_directory.FullName, "pooled");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Start_ARehearsalInAStateThatIsNotMarkedForIt_IsRefused()
    {
        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => HilDaemon.StartAsync(_directory.FullName, "list"));

        Assert.Contains("is not marked for rehearsals of crashes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_AmidAChangeOfTheDevice_LosesNothing()
    {
        await KillAtAsync("intent.begin#1:after");
        Report("1 crash between an intent and its effect");
    }

    // The firmware outlives the daemon: before and after the effect of programming, of a commit and of a rollback.
    [FirmwareFact]
    [Trait("Category", "Long")]
    public async Task Kill_AmidChangesOfADeviceThatOutlivesIt_IsToldByReadingTheDeviceBack()
    {
        // What the next daemon reads back, and what the request whose reply did not come is answered with then: a change that was made has its reply.
        (string Point, string Found, string Again)[] crashes =
        [
            ("intent.begin#0:after", "device.program Unknown", "OutcomeUnknown"), ("intent.close#0:before", "device.program Unknown", "OutcomeUnknown"),
            ("intent.close#0:after", "", "done"),
            ("intent.begin#2:after", "settings.commit Old", "NotArmed"), ("intent.close#2:before", "settings.commit New", "done"),
            ("intent.close#2:after", "", "done"),
            ("intent.begin#3:after", "settings.roll-back Old", "NotArmed"), ("intent.close#3:before", "settings.roll-back New", "done"),
            ("intent.close#3:after", "", "done"),
        ];
        foreach ((string point, string found, string again) in crashes)
        {
            string directory = NewState(point.Replace(':', '-').Replace('#', '-'));
            string port = Path.Combine(directory, "port");
            using var firmware = new FirmwareProcess("--link", port, "--watchdog", "2000");
            string bench = Path.Combine(directory, "wired.json");
            await File.WriteAllTextAsync(
                bench,
                $$"""
                { "driver": "serial", "name": "wired", "description": "firmware as a process", "architecture": "crossbar",
                  "serial": { "port": "{{port}}", "baud": 921600, "watchdogMilliseconds": 2000 }, "guard": { "deadlineSeconds": 60 } }
                """);
            var client = new LabClient(Inputs, directory, 0, bench);
            using (HilDaemon daemon = (await HilDaemon.StartAsync(directory, point))!)
            {
                await client.WorkAsync(daemon.Invoker, null);
                await daemon.EndedAsync();
            }

            _outcomes.Clear();
            await RecoverAsync(directory, client, point, bench);
            Assert.Equal((found.Length > 0 ? 1 : 0, 1), (_outcomes.GetValueOrDefault(found), _outcomes.GetValueOrDefault(again)));
            output.WriteLine($"{point}: {string.Join(", ", _outcomes.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))}");
        }

        Report($"{crashes.Length} crashes amid changes of firmware in a process of its own");
    }

    // About 130 crashes of two processes each, six seconds a crash: in slices, so that whoever waits sees them pass.
    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Slices))]
    public async Task Kill_AtEveryPoint_LosesNothing(int slice)
    {
        string[] all = await PointsAsync();
        string[] points = [.. all.Where((_, number) => number % SliceCount == slice)];
        int crashes = 0;
        foreach (string point in points)
        {
            // A commit that wrote nothing, as of a deletion of no row, cannot be torn.
            foreach (string way in Ways.Where(way => way != "torn" || !point.EndsWith(" unwritten", StringComparison.Ordinal)))
            {
                await KillAtAsync($"{point.Split(' ')[0]}:{way}");
                crashes++;
            }
        }

        output.WriteLine(string.Join(", ", points));
        Report(
            $"slice {slice + 1} of {SliceCount}: {crashes} crashes at {points.Length} of {all.Length} points, "
                + "each before, after, and torn where it wrote something");
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Kill_AtRandomTimes_LosesNothingAndTheLastCampaignGoesOnAtItsStep()
    {
        const int Kills = 20;
        var random = new Random(Seed);
        string directory = NewState("random");
        Lease? lease = null;
        LabClient client = null!;
        for (int kill = 0; kill < Kills; kill++)
        {
            using HilDaemon daemon = (await HilDaemon.StartAsync(directory))!;
            client = new LabClient(Inputs, directory, kill);
            Task work = client.WorkAsync(daemon.Invoker, lease);

            // The time of the kill is what is random here.
            await Task.Delay(TimeSpan.FromSeconds(3 * random.NextDouble()));
            await daemon.KillAsync();
            await work;
            lease = await RecoverAsync(directory, client, $"kill {kill}") ?? lease;
        }

        await GoOnAsync(directory, client);
        Report($"{Kills} kills at random times, seed {Seed}");
    }

    private static async Task GoOnAsync(string directory, LabClient client)
    {
        using HilDaemon daemon = (await HilDaemon.StartAsync(directory))!;
        var operations = new Operations.OperationsClient(daemon.Invoker);
        Operation[] all = [.. (await operations.ListOperationsAsync(new ListOperationsRequest { PageSize = 200 })).Operations];
        Operation waiting = all.Last(operation => !operation.Done && operation.Metadata.Is(RunMetadata.Descriptor));
        Assert.True(waiting.Metadata.Unpack<RunMetadata>().Interrupted);
        var resume = new ResumeRequest { Name = waiting.Name, Mutation = TestDaemon.NewRequest() };
        Assert.Equal(waiting.Name, (await new CampaignService.CampaignServiceClient(daemon.Invoker).ResumeAsync(resume)).Name);
        Operation ended = await operations.WaitOperationAsync(new WaitOperationRequest { Name = waiting.Name });
        Assert.True(ended.ResultCase == Operation.ResultOneofCase.Response, ended.Error?.Message);
        Assert.Equal(1, ended.Metadata.Unpack<RunMetadata>().Resumptions);
        Assert.NotNull(client.Lease);
        await daemon.StopAsync();
    }

    // Commits of a whole run, each by its name and its number among those of that name; of what a campaign commits as it goes, the first of each.
    private async Task<string[]> PointsAsync()
    {
        string directory = NewState("list");
        using HilDaemon daemon = (await HilDaemon.StartAsync(directory, "list"))!;
        var client = new LabClient(Inputs, directory, 0);
        await client.WorkAsync(daemon.Invoker, null);
        await daemon.KillAsync();
        string[] all = await File.ReadAllLinesAsync(Path.Combine(directory, "state", "crash-points"));
        return [.. all.Where(point => !point.StartsWith("operation.", StringComparison.Ordinal) || point.Contains("#0", StringComparison.Ordinal))];
    }

    private async Task KillAtAsync(string point)
    {
        string directory = NewState(point.Replace(':', '-').Replace('#', '-'));
        var client = new LabClient(Inputs, directory, 0);
        using (HilDaemon? daemon = await HilDaemon.StartAsync(directory, point))
        {
            if (daemon is not null)
            {
                await client.WorkAsync(daemon.Invoker, null);
                await daemon.EndedAsync();
            }
        }

        if (point.EndsWith(":torn", StringComparison.Ordinal))
        {
            // As a power cut leaves it: something of the commit was lost, and something of it was there.
            string[] cut = (await File.ReadAllTextAsync(Path.Combine(directory, "state", "crash-torn"))).Split(' ');
            Assert.InRange(long.Parse(cut[0], CultureInfo.InvariantCulture), 1, long.Parse(cut[1], CultureInfo.InvariantCulture) - 1);
        }

        await RecoverAsync(directory, client, point);
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Starts another daemon, and compares.</summary>
    /// <returns>The lease, if it was acknowledged.</returns>
    private async Task<Lease?> RecoverAsync(string directory, LabClient client, string what, string bench = LabClient.Simulated)
    {
        using HilDaemon daemon = (await HilDaemon.StartAsync(directory))!;
        _readies.Add(daemon.UntilReady.TotalSeconds);
        var journal = new JournalService.JournalServiceClient(daemon.Invoker);
        Change[] unsettled = [.. (await journal.ListUnsettledChangesAsync(new ListUnsettledChangesRequest())).Changes];
        Assert.True(
            unsettled.All(change => change.Kind == "device.program" && change.Outcome == ChangeOutcome.Unknown && bench != LabClient.Simulated),
            $"{what}: {string.Join(", ", unsettled.Select(change => $"{change.Kind} {change.Outcome} ({change.Evidence})"))}");

        // Every reply that came is given again, byte for byte, and done nothing for: the devices are closed.
        foreach (Sent sent in client.Acknowledged)
        {
            (IMessage? reply, ErrorReason reason) = await LabClient.AgainAsync(daemon.Invoker, sent);
            bool isSame = reply is not null && reply.ToByteArray().AsSpan().SequenceEqual(sent.Reply);
            Assert.True(isSame, $"{what}: {sent.What} was acknowledged; again it gives {reason}");
            _acknowledged++;
        }

        await CompareOperationsAsync(daemon, client, what);
        Lease? lease = client.Lease;
        if (client.Pending is { } pending)
        {
            (IMessage? reply, ErrorReason reason) = await LabClient.AgainAsync(daemon.Invoker, pending);
            lease ??= (reply as AcquireResponse)?.Lease;
            string outcome = reply is not null ? "done" : reason.ToString();

            // Not done, so done now, for which the device is not armed; or done, and the reply was written down. Only weights cannot be read back.
            Assert.True(
                reply is not null || reason is ErrorReason.NotArmed
                    || (reason is ErrorReason.OutcomeUnknown && pending.What == "Program" && bench != LabClient.Simulated),
                $"{what}: {pending.What}, whose reply did not come, gives {reason}");
            (IMessage? repeated, _) = await LabClient.AgainAsync(daemon.Invoker, pending);
            Assert.True(Equals(reply, repeated), $"{what}: {pending.What} was answered with {reply}, then with {repeated}");
            _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
        }

        if (client.Lease is not null)
        {
            // The lease holds, its epoch is good for the device, and every change can be made again.
            Assert.Equal(7, await client.DriveAsync(daemon.Invoker, 7));
        }

        VerifyAuditResponse audit = await new AuditService.AuditServiceClient(daemon.Invoker).VerifyAuditAsync(new VerifyAuditRequest());
        Assert.True(audit.Intact, $"{what}: {audit.Problem}");
        (TimeSpan recovery, string[] found) = await daemon.StopAsync();
        _recoveries.Add(recovery.TotalSeconds);
        foreach (string change in found)
        {
            _outcomes[change] = _outcomes.GetValueOrDefault(change) + 1;
        }

        return lease;
    }

    private async Task CompareOperationsAsync(HilDaemon daemon, LabClient client, string what)
    {
        var operations = new Operations.OperationsClient(daemon.Invoker);
        if (client.Campaign is { } campaign)
        {
            Operation found = await operations.GetOperationAsync(new GetOperationRequest { Name = campaign });
            RunMetadata metadata = found.Metadata.Unpack<RunMetadata>();
            Assert.True(found.Done || metadata.Interrupted, $"{what}: campaign {campaign} is neither ended nor interrupted");
            Count(found.Done ? "campaign ended" : $"campaign waits in {metadata.Phase}");
        }

        if (client.Calibration is { } calibration)
        {
            Operation found = await operations.GetOperationAsync(new GetOperationRequest { Name = calibration });
            Assert.True(found.Done, $"{what}: calibration {calibration} is not ended");
            Count(found.Error is null ? "calibration ended" : "calibration interrupted");
        }

        void Count(string outcome) => _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
    }

    private string NewState(string name)
    {
        string directory = Path.Combine(_directory.FullName, name);
        Directory.CreateDirectory(Path.Combine(directory, "state"));
        File.WriteAllText(Path.Combine(directory, "state", "crash-rehearsal"), "");
        if (!Directory.Exists(Inputs))
        {
            PooledImages.Write(Inputs, 250);
        }

        return directory;
    }

    private void Report(string what)
    {
        string outcomes = string.Join(", ", _outcomes.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"));
        output.WriteLine($"{what}; {_acknowledged} acknowledged replies, all there; {outcomes}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"recovery of the ledger: median {Median(_recoveries):0.000} s, longest {_recoveries.Max():0.000} s; "
                + $"process start to READY: median {Median(_readies):0.00} s, longest {_readies.Max():0.00} s"));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
