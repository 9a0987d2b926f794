using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Tests.Fakes;

namespace AnalogHil.Daemon.Tests.Calibrations;

/// <summary>A bench of two small tiles, and calibrations of it that take tens of milliseconds.</summary>
internal sealed class SmallBench : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public SmallBench(double readNoise = 2, double quieter = 1)
    {
        Directory.CreateDirectory(_directory["benches"]);
        Directory.CreateDirectory(_directory["profiles"]);
        string root = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(root, "config", "profiles")))
        {
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("config/profiles is not above the tests");
        }

        File.Copy(Path.Combine(root, "config", "profiles", "pcm-90nm.json"), _directory["profiles/pcm-90nm.json"]);
        Quieter = quieter;
        Write(readNoise);
    }

    /// <summary>Divides all noise that is written from now on.</summary>
    public double Quieter { get; set; }

    public string File_ => _directory["benches/small.json"];

    public string this[string name] => _directory[name];

    /// <summary>Writes the bench, anew with another read noise for a device that drifted.</summary>
    public void Write(double readNoise) =>
        File.WriteAllText(File_, FormattableString.Invariant($$"""
            {
              "name": "small", "description": "two small tiles", "architecture": "crossbar", "profile": "pcm-90nm", "tier": "cells", "seed": 5,
              "geometry": { "rows": 32, "columns": 16, "tiles": 2 },
              "converters": { "dacBits": 8, "adcBits": 12, "adcFullScale": 48 },
              "columns": { "gainSpread": 0.02, "offsetSpread": 0.1 },
              "redundancy": { "readAndAverage": 16 },
              "physics": { "receiverNoiseNanoamperes": {{1500 / Quieter}}, "readNoiseMicrosiemens": {{readNoise / Quieter}}, "programmingErrorMicrosiemens": 0.1 },
              "cells": { "readNoiseExponent": 0, "flickerShare": 0, "driftExponent": 0, "driftExponentSpread": 0 }
            }
            """));

    public CalibrationOrder Order(string folder, ulong seed, bool keeps = true) => new(
        File_,
        _directory[folder],
        new SuiteOptions { RelativeHalfWidth = 0.15, ColumnHalfWidth = 0.2, LargestRepeats = 16, Routines = ["column-sigma", "mix", "averaging"],
            KeepsEarlier = keeps },
        seed,
        "tester");

    public Task<CalibrationDocument> RunAsync(CalibrationOrder order, CalibrationDocument? earlier = null, bool resume = false,
        ICalibrationObserver? observer = null, CancellationToken token = default) =>
        CalibrationRunner.RunAsync(order, resume, _ => earlier, observer ?? new SilentCalibration(), TimeProvider.System, token);

    public void Dispose() => _directory.Dispose();
}
