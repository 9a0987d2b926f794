using System.Diagnostics;
using System.Globalization;
using System.Text;
using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Leases;
using AnalogHil.Ledger.Operations;
using AnalogHil.Ledger.Requests;
using AnalogHil.Ledger.Tests.Fakes;
using Xunit.Abstractions;

namespace AnalogHil.Ledger.Tests.Crashes;

/// <summary>Real processes killed with SIGKILL; each time the ledger is opened again, recovered, and held against what the dead process had said.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Items = 2;
    private readonly List<double> _recoveries = [];
    private readonly Dictionary<string, int> _outcomes = [];

    [Fact]
    public async Task Kill_AtSomePoints_LosesNothing()
    {
        const int Seed = 20261122;
        var random = new Random(Seed);
        string[] points = await PointsAsync();
        for (int run = 0; run < 9; run++)
        {
            await KillAtAsync(random.Next(points.Length), (CrashMode)(1 + run % 3), random.NextDouble());
        }

        Report($"9 of {3 * points.Length} enumerated crashes, seed {Seed}");
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Kill_AtEveryPoint_LosesNothing()
    {
        string[] points = await PointsAsync();
        int runs = 0;
        for (int point = 0; point < points.Length; point++)
        {
            foreach (CrashMode how in new[] { CrashMode.Before, CrashMode.Torn, CrashMode.After })
            {
                await KillAtAsync(point, how, (point + 0.5) / points.Length);
                runs++;
            }
        }

        output.WriteLine(string.Join(", ", points.GroupBy(point => point).Select(group => $"{group.Key} x {group.Count()}")));
        Report($"{runs} crashes: {points.Length} points, each before, torn and after");
    }

    [Theory]
    [InlineData(4)]
    public Task Kill_AtRandomTimes_LosesNothing(int kills) => KillAtRandomAsync(kills);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(200)]
    public Task Kill_AtTwoHundredRandomTimes_LosesNothing(int kills) => KillAtRandomAsync(kills);

    // One ledger and one device through all kills: what one crash leaves is what the next begins with.
    private async Task KillAtRandomAsync(int kills)
    {
        const int Seed = 1122;
        var random = new Random(Seed);
        using var folder = new LedgerFolder(TimeProvider.System);
        var device = new FileDevice(folder.Path);
        int next = 0;
        long? epoch = null;
        for (int kill = 0; kill < kills; kill++)
        {
            CrashRun run = await CrashRun.StartAsync(
                new CrashOrder(folder.Path, next, 1000), 1 + random.Next(40), TimeSpan.FromMicroseconds(random.Next(6000)));
            Assert.True(run.ExitCode == CrashRun.Killed, $"kill {kill}: the child ended with {run.ExitCode}: {run.Error}");
            if (epoch is not null && run.Epoch is not null)
            {
                Assert.Equal(epoch, run.Epoch);
            }

            epoch ??= run.Epoch;
            next = await RecoverAsync(folder, device, run, next, $"kill {kill}");
            folder.Close();
        }

        Report($"{kills} kills at random times, {next} items, seed {Seed}");
    }

    private static async Task<string[]> PointsAsync()
    {
        using var folder = new LedgerFolder(TimeProvider.System);
        CrashRun whole = await CrashRun.StartAsync(new CrashOrder(folder.Path, 0, Items));
        Assert.True(whole.ExitCode == 0, whole.Error);
        Assert.Equal(Items, whole.Acknowledged.Count);
        Assert.Contains("device.write", whole.Points);
        return whole.Points;
    }

    private async Task KillAtAsync(int point, CrashMode how, double tear)
    {
        using var folder = new LedgerFolder(TimeProvider.System);
        CrashRun run = await CrashRun.StartAsync(new CrashOrder(folder.Path, 0, Items, point, how, tear));
        Assert.True(run.ExitCode == CrashRun.Killed, $"point {point} {how}: the child ended with {run.ExitCode}: {run.Error}");
        await RecoverAsync(folder, new FileDevice(folder.Path), run, 0, $"point {point} {how}");
    }

    /// <summary>Opens, recovers, compares; then sends every item again that a client would.</summary>
    /// <returns>The first item that was never begun.</returns>
    private async Task<int> RecoverAsync(LedgerFolder folder, FileDevice device, CrashRun run, int first, string what)
    {
        (int left, int right) = device.State;
        long start = Stopwatch.GetTimestamp();
        LedgerStore store = folder.Reopen();
        IReadOnlyList<Intent> recovered = await store.Journal.RecoverAsync(device, null, default);
        _recoveries.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);

        foreach ((int item, string reply) in run.Acknowledged)
        {
            Assert.Equal(reply, Encoding.UTF8.GetString(store.Requests.Find(CrashChild.KeyOf(item))!.Body.Span));
        }

        foreach (int item in run.Ended)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"operations/{item}");
            Assert.Equal(OperationState.Succeeded, store.Operations.Find(name)!.State);
            Assert.NotNull(store.Records.Find("deployment", name));
        }

        Assert.True(store.Audit.Verify().IsWhole, $"{what}: {store.Audit.Verify().Message}");
        Assert.True(recovered.Count <= 1, $"{what}: {recovered.Count} open intents of one resource");
        Count(recovered.Count == 0 ? "no intent open" : recovered[0].Outcome!.Value.ToString());
        if (recovered is [Intent open])
        {
            int wanted = BitConverter.ToInt32(open.Draft.Payload.Span);
            IntentOutcome truth = left != right ? IntentOutcome.Unknown : left == wanted ? IntentOutcome.New : IntentOutcome.Old;
            Assert.Equal(truth, open.Outcome);
        }
        else
        {
            Assert.Equal(left, right);
        }

        return await SendAgainAsync(store, device, run, first, what);
    }

    private static async Task<int> SendAgainAsync(LedgerStore store, FileDevice device, CrashRun run, int first, string what)
    {
        store.Leases.Start(new RecordingGuard());
        if (store.Leases.Current(CrashChild.Resource) is not { } lease)
        {
            Assert.Null(run.Epoch);
            return first;
        }

        Assert.True(run.Epoch is null || run.Epoch == lease.Epoch, $"{what}: epoch {run.Epoch} became {lease.Epoch}");
        int begun = first + run.Acknowledged.Count;
        for (int item = first; item <= begun; item++)
        {
            bool unknown = store.Journal.Unsettled().Count > 0;
            if (item == begun && unknown)
            {
                // Neither old nor new: nothing runs on the device before somebody has looked.
                LedgerException refused = await Assert.ThrowsAsync<LedgerException>(() => SendAsync(store, device, item, lease.Epoch));
                Assert.Equal(LedgerFault.OutcomeUnknown, refused.Fault);
                device.WriteRight(item);
                await store.Journal.RecoverAsync(device, null, default);
            }

            StoredReply[] replies = [await SendAsync(store, device, item, lease.Epoch), await SendAsync(store, device, item, lease.Epoch)];
            Assert.All(replies, reply => Assert.Equal(FileDevice.ReplyOf(item), reply.Body.ToArray()));
            Assert.True(device.Effects(item) == 1, $"{what}: item {item} reached the device {device.Effects(item)} times");
        }

        return begun + 1;
    }

    private static Task<StoredReply> SendAsync(LedgerStore store, FileDevice device, int item, long epoch) =>
        CrashChild.SendAsync(store, device, item, epoch, (_, left, right) =>
        {
            left();
            right();
        });

    private void Count(string outcome) => _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;

    private void Report(string what)
    {
        _recoveries.Sort();
        output.WriteLine(what);
        output.WriteLine(string.Join(", ", _outcomes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {pair.Value}")));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"recovery (open, integrity check, read-back): median {_recoveries[_recoveries.Count / 2] * 1000:0} ms, longest {_recoveries[^1] * 1000:0} ms, "
                + $"n = {_recoveries.Count}"));
    }
}
