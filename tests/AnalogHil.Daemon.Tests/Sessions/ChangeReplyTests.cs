using System.Security.Cryptography;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Devices.Contract;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Requests;
using AnalogHil.V1;
using Google.Protobuf;

namespace AnalogHil.Daemon.Tests.Sessions;

/// <summary>Requests whose change was made, and whose reply was lost: the same request gets it, and the device is changed once.</summary>
public sealed class ChangeReplyTests : IAsyncLifetime
{
    private static readonly RedundancySettings Wanted = new([new BlockRedundancy(0, RedundancyMode.ReadAndAverage, [3])]);
    private static readonly RequestKey Key = new("uid:7", "8f7ac5f2-6c0e-4a39-9f8b-1e43b3a1f0c1");
    private static readonly byte[] Body = SHA256.HashData("body"u8);

    private SettingsBench _bench = null!;
    private int _calls;

    public async Task InitializeAsync()
    {
        _bench = await SettingsBench.OpenAsync();
        await SettingsChange.StageAsync(_bench.Session, Wanted, CancellationToken.None);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Commit_DeviceWasSilentThenRead_GivesTheReplyThatWasDue()
    {
        (_bench.Device.LosesAnswer, _bench.Device.IsSilent) = (SettingsDevice.Loss.AfterTheEffect, true);
        Assert.Equal(LedgerFault.OutcomeUnknown, (await Assert.ThrowsAsync<LedgerException>(CommitAsync)).Fault);
        Assert.Equal(LedgerFault.OutcomeUnknown, (await Assert.ThrowsAsync<LedgerException>(CommitAsync)).Fault);

        (_bench.Device.LosesAnswer, _bench.Device.IsSilent) = (SettingsDevice.Loss.Never, false);
        await _bench.Journal.SettleAsync(SettingsBench.Path);

        Assert.Equal((ReplyOf(Wanted.Hash()), 1), (await CommitAsync(), _calls));
    }

    [Fact]
    public async Task CommitOfWhatIsInForce_EndpointFailsAfterwards_GivesTheReplyThatWasDue()
    {
        await SettingsChange.CommitAsync(_bench.Session, Wanted.Hash(), ("uid:7", null), _bench.Journal);
        await SettingsChange.StageAsync(_bench.Session, Wanted, CancellationToken.None);
        await Assert.ThrowsAsync<TimeoutException>(() => RunAsync(async () =>
        {
            await SettingsChange.CommitAsync(_bench.Session, Wanted.Hash(), ("uid:7", Key), _bench.Journal, ReplyOf);
            throw new TimeoutException();
        }));

        Assert.Equal((ReplyOf(Wanted.Hash()), 1), (await CommitAsync(), _calls));
    }

    [Theory]
    [InlineData(DeviceFault.InvalidRequest)]
    [InlineData(DeviceFault.NotArmed)]
    [InlineData(DeviceFault.Fenced)]
    public async Task CommitOfWhatIsInForce_DeviceRefuses_IsItsErrorAndMayBeTriedAgain(DeviceFault fault)
    {
        await SettingsChange.CommitAsync(_bench.Session, Wanted.Hash(), ("uid:7", null), _bench.Journal);
        _bench.Device.RefusesCommit = fault;
        Assert.Equal(fault, (await Assert.ThrowsAsync<DeviceException>(CommitAsync)).Fault);
        _bench.Device.RefusesCommit = null;

        Assert.Equal((ReplyOf(Wanted.Hash()), 2), (await CommitAsync(), _calls));
        Assert.Equal(Wanted.Hash(), _bench.Session.Previous);
    }

    [Fact]
    public async Task CommitOfWhatIsInForce_AnswerIsLost_IsToldByReadingBackAndNothingIsClaimedOfARollback()
    {
        await SettingsChange.CommitAsync(_bench.Session, Wanted.Hash(), ("uid:7", null), _bench.Journal);
        _bench.Device.LosesAnswer = SettingsDevice.Loss.AfterTheEffect;

        Assert.Equal((ReplyOf(Wanted.Hash()), 1), (await CommitAsync(), _calls));
        Assert.Equal("intent.new", _bench.Store.Audit.List()[^1].Action);
        Assert.Null(_bench.Session.Previous);
    }

    [Fact]
    public async Task CommitOfWhatIsInForce_DeviceIsSilentAfterwards_IsUnknownUntilItWasReadBack()
    {
        await SettingsChange.CommitAsync(_bench.Session, Wanted.Hash(), ("uid:7", null), _bench.Journal);
        _bench.Device.SilentAfterNextCommit();
        Assert.Equal(LedgerFault.OutcomeUnknown, (await Assert.ThrowsAsync<LedgerException>(CommitAsync)).Fault);
        Assert.Single(_bench.Store.Journal.Unsettled());

        _bench.Device.IsSilent = false;
        await _bench.Journal.SettleAsync(SettingsBench.Path);

        Assert.Equal((ReplyOf(Wanted.Hash()), 1), (await CommitAsync(), _calls));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RollBack_DeviceWasSilentThenRead_GivesTheReplyWithWhatIsInForce(bool isTheCommitKnown)
    {
        await SettingsChange.CommitAsync(_bench.Session, Wanted.Hash(), ("uid:7", null), _bench.Journal);
        if (!isTheCommitKnown)
        {
            _bench.Session.Previous = null;
        }

        (_bench.Device.LosesAnswer, _bench.Device.IsSilent) = (SettingsDevice.Loss.AfterTheEffect, false);
        _bench.Device.SilentAfterRollBack = true;
        Assert.Equal(LedgerFault.OutcomeUnknown, (await Assert.ThrowsAsync<LedgerException>(RollBackAsync)).Fault);

        (_bench.Device.LosesAnswer, _bench.Device.SilentAfterRollBack) = (SettingsDevice.Loss.Never, false);
        await _bench.Journal.SettleAsync(SettingsBench.Path);

        Assert.Equal((ReplyOf(RedundancySettings.Unrepeated.Hash()), 1), (await RollBackAsync(), _calls));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RollBack_SettledByAPersonAsMade_RepliesOnlyWhereItsSettingsWereKnown(bool isTheCommitKnown)
    {
        await SettingsChange.CommitAsync(_bench.Session, Wanted.Hash(), ("uid:7", null), _bench.Journal);
        if (!isTheCommitKnown)
        {
            _bench.Session.Previous = null;
        }

        _bench.Device.LosesAnswer = SettingsDevice.Loss.AfterTheEffect;
        _bench.Device.SilentAfterRollBack = true;
        await Assert.ThrowsAsync<LedgerException>(RollBackAsync);
        _bench.Store.Journal.Settle(Assert.Single(_bench.Store.Journal.Unsettled()).Id, IntentOutcome.New, "admin", "seen on the display");

        if (isTheCommitKnown)
        {
            Assert.Equal((ReplyOf(RedundancySettings.Unrepeated.Hash()), 1), (await RollBackAsync(), _calls));
        }
        else
        {
            LedgerException lost = await Assert.ThrowsAsync<LedgerException>(RollBackAsync);
            Assert.Contains("took effect, but its reply was lost", lost.Message, StringComparison.Ordinal);
            Assert.Equal((LedgerFault.OutcomeUnknown, 1), (lost.Fault, _calls));
        }
    }

    [Fact]
    public async Task Program_EndpointFailsAfterwards_GivesTheReplyThatWasDue()
    {
        BlockProgram[] blocks = [new BlockProgram(0, 1, 1, new float[] { 0.5f }, [new Placement(0, 0, 0)])];
        await Assert.ThrowsAsync<TimeoutException>(() => RunAsync(async () =>
        {
            await _bench.Journal.ProgramAsync(DeviceChange.Of(_bench.Session, ("uid:7", Key), ReplyOf), blocks);
            throw new TimeoutException();
        }));

        Assert.Equal((ReplyOf(RedundancySettings.Unrepeated.Hash()), 1), (await CommitAsync(), _calls));
    }

    private static RollbackResponse ReplyOf(string active) => new() { Deployment = new Deployment { Bench = "b", Blocks = 1, ActiveHash = active } };

    private Task<RollbackResponse> CommitAsync() => RunAsync(async () =>
    {
        await SettingsChange.CommitAsync(_bench.Session, Wanted.Hash(), ("uid:7", Key), _bench.Journal, ReplyOf);
        return ReplyOf(Wanted.Hash());
    });

    private Task<RollbackResponse> RollBackAsync() => RunAsync(async () =>
        ReplyOf(await SettingsChange.RollBackAsync(_bench.Session, ("uid:7", Key), _bench.Journal, ReplyOf)));

    private async Task<RollbackResponse> RunAsync(Func<Task<RollbackResponse>> endpoint) => RollbackResponse.Parser.ParseFrom(
        (await _bench.Store.Requests.RunAsync(
            Key, Body,
            async () =>
            {
                _calls++;
                return new StoredReply(0, (await endpoint()).ToByteArray());
            },
            default)).Body.Span);
}
