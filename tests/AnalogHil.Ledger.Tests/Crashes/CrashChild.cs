using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Leases;
using AnalogHil.Ledger.Operations;
using AnalogHil.Ledger.Requests;
using AnalogHil.Ledger.Tests.Fakes;

namespace AnalogHil.Ledger.Tests.Crashes;

/// <summary>What a daemon does with its ledger, item by item: a lease, a request that changes the device under it, an operation, a record.</summary>
internal static class CrashChild
{
    public const string Resource = "device";
    private const string Holder = "uid:1000";
    private const string LeaseRequestId = "the lease";

    public static RequestKey KeyOf(int item) => new(Holder, string.Create(CultureInfo.InvariantCulture, $"request {item}"));

    public static byte[] BodyOf(int item) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"body {item}")));

    public static async Task RunAsync(CrashOrder order)
    {
        var points = new CrashPoints(order);
        var device = new FileDevice(order.Directory);
        using LedgerStore store = LedgerStore.Open(new LedgerOptions { Directory = order.Directory, Commits = points });
        store.Leases.Start(new RecordingGuard());
        Lease lease = await store.Leases.AcquireAsync(new LeaseRequest(Resource, Holder, LeaseRequest.LongestTtl, LeaseRequestId), default);
        await Console.Out.WriteLineAsync($"lease {lease.Epoch}");
        for (int item = order.First; item < order.First + order.Items; item++)
        {
            StoredReply reply = await SendAsync(store, device, item, lease.Epoch, points.Device);
            await Console.Out.WriteLineAsync($"ack {item} {Encoding.UTF8.GetString(reply.Body.Span)}");
            await OperateAsync(store, item);
        }
    }

    /// <summary>The request of an item, as the gate and an endpoint handle it.</summary>
    public static Task<StoredReply> SendAsync(LedgerStore store, FileDevice device, int item, long epoch, Action<string, Action, Action> write) =>
        store.Requests.RunAsync(
            KeyOf(item), BodyOf(item),
            async () =>
            {
                using LeaseUse use = store.Leases.Use(Resource, Holder, epoch);
                var draft = new IntentDraft(Resource, epoch, "push", Holder, BitConverter.GetBytes(item))
                {
                    OldHash = FileDevice.HashOf(device.State.Left),
                    NewHash = FileDevice.HashOf(item),
                    Request = KeyOf(item),
                };
                Intent done = await store.Journal.PerformAsync(
                    draft,
                    () =>
                    {
                        write("device.write", () => device.WriteLeft(item), () => device.WriteRight(item));
                        return Task.CompletedTask;
                    },
                    device);
                return done.Reply!;
            },
            default);

    private static async Task OperateAsync(LedgerStore store, int item)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"operations/{item}");
        if (store.Operations.Create(new OperationDraft(name, "push", Holder, default, default, KeyOf(item))).IsDone)
        {
            return;
        }

        store.Operations.Progress(name, "half"u8.ToArray());
        store.Records.Put("deployment", name, $$"""{"item": {{item}}}""");
        store.Operations.End(name, OperationState.Succeeded, "done"u8.ToArray());
        await Console.Out.WriteLineAsync($"ended {item}");
    }
}
