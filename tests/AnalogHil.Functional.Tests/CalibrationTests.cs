using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Functional.Tests;

/// <summary>Calibrations of a small bench by a daemon.</summary>
public sealed class CalibrationTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;
    private CalibrationService.CalibrationServiceClient _calibrations = null!;
    private string _bench = null!;

    public async Task InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync();
        _calibrations = new CalibrationService.CalibrationServiceClient(_daemon.Invoker);
        Directory.CreateDirectory(_daemon["profiles"]);
        File.Copy(TestDaemon.Shipped("config/profiles/pcm-90nm.json"), _daemon["profiles/pcm-90nm.json"]);
        _bench = Path.Combine(_daemon.Benches, "small.json");
        await File.WriteAllTextAsync(_bench, """
            {
              "name": "small", "description": "two small tiles", "architecture": "crossbar", "profile": "pcm-90nm", "tier": "cells", "seed": 5,
              "geometry": { "rows": 32, "columns": 16, "tiles": 2 },
              "converters": { "dacBits": 8, "adcBits": 12, "adcFullScale": 48 },
              "columns": { "gainSpread": 0.02, "offsetSpread": 0.1 },
              "redundancy": { "readAndAverage": 16 },
              "physics": { "receiverNoiseNanoamperes": 1500, "readNoiseMicrosiemens": 2, "programmingErrorMicrosiemens": 0.1 },
              "cells": { "readNoiseExponent": 0, "flickerShare": 0, "driftExponent": 0, "driftExponentSpread": 0 }
            }
            """);
    }

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task Calibrate_Twice_IsKeptComparedPutInUseAndRolledBack()
    {
        CalibrateRequest asked = Asked("first", 1);
        asked.Mutation = await _daemon.MutationAsync(_bench);
        CalibrateResponse measured = await EndAsync(await _calibrations.CalibrateAsync(asked));
        V1.Calibration first = measured.Calibration;
        Assert.True(measured.Whole);
        Assert.True(first.Active);
        Assert.Equal((_bench, _daemon["first"], ""), (first.Bench, first.Folder, first.Document));
        CalibrationFigure sigma = first.Figures.Single(figure => figure.Name == "sigma.Weight");
        Assert.Equal("mix", sigma.Routine);
        Assert.InRange(sigma.Estimate.Value, sigma.Estimate.Low, sigma.Estimate.High);
        Assert.True(sigma.Estimate.N > 0);

        CalibrateRequest again = Asked("second", 2);
        again.Mutation = await _daemon.MutationAsync(_bench);
        again.Fresh = true;
        again.NoActivate = true;
        V1.Calibration second = (await EndAsync(await _calibrations.CalibrateAsync(again))).Calibration;
        Assert.False(second.Active);

        V1.Calibration got = (await _calibrations.GetCalibrationAsync(new GetCalibrationRequest { Name = second.Name })).Calibration;
        Assert.Contains(second.Name, got.Document, StringComparison.Ordinal);
        ListCalibrationsResponse page = await _calibrations.ListCalibrationsAsync(new ListCalibrationsRequest { Device = first.Device, PageSize = 1 });
        Assert.Equal(second.Name, Assert.Single(page.Calibrations).Name);
        ListCalibrationsResponse last = await _calibrations.ListCalibrationsAsync(
            new ListCalibrationsRequest { Device = first.Device, PageSize = 1, PageToken = page.NextPageToken });
        Assert.Equal((first.Name, ""), (Assert.Single(last.Calibrations).Name, last.NextPageToken));
        Assert.Empty((await _calibrations.ListCalibrationsAsync(new ListCalibrationsRequest { Device = "other" })).Calibrations);

        CompareCalibrationsResponse compared = await _calibrations.CompareCalibrationsAsync(
            new CompareCalibrationsRequest { First = second.Name, Second = first.Name, FamilyLevel = 0.01 });
        Assert.Equal((first.Name, second.Name, 0.01), (compared.Before, compared.After, compared.FamilyLevel));
        FigureChange change = compared.Figures.Single(figure => figure.Name == "sigma.Weight");
        Assert.Equal(change.After.Value - change.Before.Value, change.Change.Value, 1e-9);

        Assert.True((await _calibrations.ActivateCalibrationAsync(
            new ActivateCalibrationRequest { Mutation = TestDaemon.NewRequest(), Name = second.Name })).Calibration.Active);
        V1.Calibration back = (await _calibrations.RollbackCalibrationAsync(
            new RollbackCalibrationRequest { Mutation = TestDaemon.NewRequest(), Device = first.Device, Reason = "suspect" })).Calibration;
        Assert.Equal((first.Name, true), (back.Name, back.Active));
        V1.Calibration bad = (await _calibrations.MarkCalibrationBadAsync(
            new MarkCalibrationBadRequest { Mutation = TestDaemon.NewRequest(), Name = first.Name, Reason = "loose cable" })).Calibration;
        Assert.False(bad.Active);
        Assert.EndsWith(": loose cable", bad.Bad, StringComparison.Ordinal);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await _calibrations.ActivateCalibrationAsync(
            new ActivateCalibrationRequest { Mutation = TestDaemon.NewRequest(), Name = first.Name }));
        Assert.Contains("loose cable", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal((StatusCode.FailedPrecondition, ErrorReason.CalibrationFailed), (refused.StatusCode, ErrorStatus.ReasonOf(refused.GetRpcStatus()!)));
    }

    [Fact]
    public async Task Calibrate_WrongFieldsOrAHeldBench_StartsNothing()
    {
        CalibrateRequest wrong = Asked("x", 3);
        (wrong.OutputDirectory, wrong.ValidHours, wrong.Bench) = ("relative", 0, "");
        RpcException fields = await Refused(wrong);
        CalibrateRequest resumed = Asked("nothing", 3);
        (resumed.Resume, resumed.Bench) = (true, "");
        RpcException nothing = await Refused(resumed);
        CalibrateRequest full = Asked("benches", 3);
        RpcException inTheWay = await Refused(full);
        await _daemon.MutationAsync(_bench);
        RpcException leased = await Refused(Asked("leased", 3));

        Assert.Equal(["output_directory", "valid_hours", "bench"], ErrorStatus.FieldsOf(fields.GetRpcStatus()!).Select(field => field.Path));
        Assert.Equal(
            [ErrorReason.NotResumable, ErrorReason.RequestInvalid, ErrorReason.LeaseHeld],
            new[] { nothing, inTheWay, leased }.Select(refused => ErrorStatus.ReasonOf(refused.GetRpcStatus()!)));
        Assert.Empty((await _daemon.Operations.ListOperationsAsync(new ListOperationsRequest())).Operations);
    }

    [Fact]
    public async Task Calibrate_CancelledAndResumedByItsFolder_EndsWhole()
    {
        CalibrateRequest asked = Asked("stopped", 4);
        // Long enough that the wish to stop arrives before the end.
        (asked.ColumnHalfWidthPercent, asked.SigmaHalfWidthPercent) = (1, 4);
        Operation started = await _calibrations.CalibrateAsync(asked);
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
        RpcException unexplained = await Assert.ThrowsAsync<RpcException>(async () => await _calibrations.RollbackCalibrationAsync(
            new RollbackCalibrationRequest { Mutation = TestDaemon.NewRequest() }));
        Assert.Equal(["device", "reason"], ErrorStatus.FieldsOf(unexplained.GetRpcStatus()!).Select(field => field.Path));

        CalibrateResponse whole = await EndAsync(await _calibrations.CalibrateAsync(Resumed(asked)));
        Assert.True(whole.Whole);
        Assert.Equal(_bench, whole.Calibration.Bench);
    }

    private static CalibrateRequest Resumed(CalibrateRequest stopped) =>
        new() { Mutation = TestDaemon.NewRequest(), OutputDirectory = stopped.OutputDirectory, Resume = true };

    private async Task<RpcException> Refused(CalibrateRequest request) =>
        await Assert.ThrowsAsync<RpcException>(async () => await _calibrations.CalibrateAsync(request));

    private async Task<CalibrateResponse> EndAsync(Operation started)
    {
        Operation end = await _daemon.Operations.WaitOperationAsync(new WaitOperationRequest { Name = started.Name });
        Assert.True(end.Error is null, end.Error?.Message);
        Assert.Equal("calibrate", end.Metadata.Unpack<OperationMetadata>().Kind);
        return end.Response.Unpack<CalibrateResponse>();
    }

    private CalibrateRequest Asked(string folder, ulong seed) => new()
    {
        Mutation = TestDaemon.NewRequest(),
        Bench = _bench,
        OutputDirectory = _daemon[folder],
        Routines = { "column-sigma", "mix" },
        SigmaHalfWidthPercent = 15,
        ColumnHalfWidthPercent = 20,
        Seed = seed,
    };
}
