using System.Collections.Immutable;
using System.Text.Json;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Faults;
using AnalogHil.Devices.Guarding;
using AnalogHil.Devices.Simulation;

namespace AnalogHil.Devices.Benches;

/// <summary>Reads the sections of a bench file; every object closes itself, so that unknown properties are found everywhere.</summary>
internal sealed class BenchReader(JsonNodeReader root, Func<string, DeviceProfile?> findProfile)
{
    private static readonly string[] Tiers = ["lumped", "cells"];
    private readonly List<ProfileValue> _values = [];

    /// <summary>Readers by pointer, with the properties each was asked for: what the JSON schema is compared with.</summary>
    public Dictionary<string, JsonNodeReader> Sections { get; } = [];

    public Bench? Read(string path, string sha256)
    {
        root.Text("$schema", "-");
        root.Choice("driver", [BenchFile.Simulated], BenchFile.Simulated);
        string name = root.Text("name");
        string description = root.Text("description");
        string family = root.Choice("architecture", [.. BenchParameter.Architectures.Select(each => each.Name)]);
        string profileName = root.Text("profile");
        bool cells = root.Choice("tier", Tiers, Tiers[0]) == Tiers[1];
        JsonNodeReader cellSection = cells ? Section("cells", false) : root.Child("cells", false);
        long seed = root.Integer("seed", 0, long.MaxValue);
        JsonNodeReader[] sections =
        [
            Section("geometry", true), Section("converters", true), Section("columns", false), Section("redundancy", true),
            Section("timing", false), Section("energy", false), Section("physics", false), Section("faults", false), Section("guard", false),
            Section("static", false),
        ];
        Sections[""] = root;
        root.Close();
        if (!cells && root.Has("cells"))
        {
            root.Report("cells", "is given, but the tier is lumped", "add \"tier\": \"cells\", or remove the section");
        }

        if (family.Length == 0)
        {
            return null;
        }

        DeviceArchitecture architecture = BenchParameter.Architectures.First(each => each.Name == family).Architecture;
        DeviceProfile? profile = profileName.Length > 0 ? findProfile(profileName) : null;
        if (profile is not null && profile.Architecture != architecture)
        {
            root.Report("profile", $"is {profileName}, which describes {profile.Architecture}; the bench is {architecture}", "choose a profile of the same architecture");
        }

        Dictionary<string, double> timing = ReadParameters(sections[4], BenchParameter.Timing, profile);
        Dictionary<string, double> energy = ReadParameters(sections[5], BenchParameter.Energy, profile);
        TilePhysics physics = ReadPhysics(sections[6], architecture, profile, cells);
        if (cells)
        {
            physics = CellPhysicsReading.Of(physics, ReadParameters(cellSection, CellParameters.Of(architecture), profile));
        }

        ReadStatic(sections[9], profile, _values);
        SimulatedDeviceOptions options = ReadDevice(sections, physics, (ulong)seed, timing, energy);
        FaultPlan faults = ReadFaults(sections[7]);
        GuardOptions guard = ReadGuard(sections[8]);
        return new Bench(path, name, description, architecture, profileName, sha256, options, faults, guard, [.. _values]);
    }

    private JsonNodeReader Section(string name, bool required) => Sections["/" + name] = root.Child(name, required);

    private static SimulatedDeviceOptions ReadDevice(
        JsonNodeReader[] sections, TilePhysics physics, ulong seed, Dictionary<string, double> timing, Dictionary<string, double> energy)
    {
        (JsonNodeReader geometry, JsonNodeReader converters, JsonNodeReader columns) = (sections[0], sections[1], sections[2]);
        var options = new SimulatedDeviceOptions
        {
            Physics = physics,
            Seed = seed,
            Rows = (int)geometry.Integer("rows", 1, 1 << 16),
            Columns = (int)geometry.Integer("columns", 1, 1 << 16),
            Tiles = (int)geometry.Integer("tiles", 1, 1 << 16),
            MaxVectors = (int)geometry.Integer("maxVectors", 1, 1 << 24, 1 << 13),
            DacBits = ReadDacBits(converters, physics.SignedInputs),
            AdcBits = (int)converters.Integer("adcBits", 0, 16),
            AdcFullScale = converters.Number("adcFullScale", 1e-3, 1e6, "dot-product units"),
            GainSpread = columns.Number("gainSpread", 0, 0.2, "", 0),
            OffsetSpread = columns.Number("offsetSpread", 0, 1e3, "dot-product units", 0),
            MaxRepeats = ReadModes(sections[3], out bool perColumn),
            RepeatsPerColumn = perColumn,
            SettlingTime = TimeSpan.FromMicroseconds(timing["settlingMicroseconds"]),
            ReadTimeNanoseconds = timing["readNanoseconds"],
            EnergyPerMac = energy["macFemtojoules"] * 1e-15,
            EnergyPerAdcConversion = energy["adcPicojoules"] * 1e-12,
            EnergyPerDacConversion = energy["dacPicojoules"] * 1e-12,
        };
        geometry.Close();
        converters.Close();
        columns.Close();
        return options;
    }

    private static ImmutableDictionary<RedundancyMode, int> ReadModes(JsonNodeReader node, out bool perColumn)
    {
        var modes = ImmutableDictionary.CreateBuilder<RedundancyMode, int>();
        foreach ((string name, RedundancyMode mode) in new[]
        {
            ("readAndAverage", RedundancyMode.ReadAndAverage),
            ("accumulateThenRead", RedundancyMode.AccumulateThenRead),
            ("spatialCopies", RedundancyMode.SpatialCopies),
        })
        {
            int most = (int)node.Integer(name, 0, 1 << 16, 0);
            if (most > 0)
            {
                modes[mode] = most;
            }
        }

        perColumn = node.Flag("perColumn", true);
        node.Close();
        return modes.ToImmutable();
    }

    private TilePhysics ReadPhysics(JsonNodeReader node, DeviceArchitecture architecture, DeviceProfile? profile, bool cells)
    {
        Dictionary<string, double> value = ReadParameters(node, BenchParameter.PhysicsOf(architecture), profile);
        if (cells && value.ContainsKey("slowFraction"))
        {
            if (node.Has("slowFraction"))
            {
                node.Report("slowFraction", "is given, but the cells of this tier have their own memory", "remove it and give the times in section cells");
            }

            // Not in force: what is slow follows from the states of the cells.
            value["slowFraction"] = 0;
            _values.RemoveAll(each => each.Name == "slowFraction");
        }

        return architecture switch
        {
            DeviceArchitecture.Crossbar => new CrossbarPhysics
            {
                MaxConductanceMicrosiemens = value["maxConductanceMicrosiemens"],
                ReadVolts = value["readVolts"],
                ReadNoiseMicrosiemens = value["readNoiseMicrosiemens"],
                SlowFraction = value["slowFraction"],
                ReceiverNoiseNanoamperes = value["receiverNoiseNanoamperes"],
                ProgrammingErrorMicrosiemens = value["programmingErrorMicrosiemens"],
            },
            DeviceArchitecture.Homodyne => new HomodynePhysics
            {
                PhotonsPerMac = value["photonsPerMac"],
                DetectionEfficiency = value["detectionEfficiency"],
                MillivoltsPerUnit = value["millivoltsPerUnit"],
                ReceiverNoiseMillivolts = value["receiverNoiseMillivolts"],
                AmplitudeError = value["amplitudeError"],
            },
            _ => new BroadcastAndWeightPhysics
            {
                ChannelNanowatts = value["channelNanowatts"],
                ResponsivityAmperesPerWatt = value["responsivityAmperesPerWatt"],
                BandwidthMegahertz = value["bandwidthMegahertz"],
                AmplifierNoiseNanoamperes = value["amplifierNoiseNanoamperes"],
                DarkNanoamperes = value["darkNanoamperes"],
                RingJitter = value["ringJitter"],
                SlowFraction = value["slowFraction"],
                TuningError = value["tuningError"],
            },
        };
    }

    // A value of the bench wins over the profile's, inside the range in which the profile holds.
    private Dictionary<string, double> ReadParameters(JsonNodeReader node, ImmutableArray<BenchParameter> parameters, DeviceProfile? profile)
    {
        var values = new Dictionary<string, double>();
        foreach (BenchParameter parameter in parameters)
        {
            ProfileValue? known = profile?.Values.GetValueOrDefault(parameter.Name);
            bool own = node.Has(parameter.Name);
            double value = node.Number(parameter.Name, parameter.Low, parameter.High, parameter.Unit, known?.Value ?? parameter.Low);
            values[parameter.Name] = value;
            if (!own && known is null && profile is not null)
            {
                node.Report(parameter.Name, $"is given neither here nor by profile {profile.Name}", $"add it, {parameter.Low} to {parameter.High} {parameter.Unit}");
            }

            if (own)
            {
                ReportOutside(node, parameter.Name, value, known, profile);
            }

            _values.Add(own || known is null ? OfBench(parameter, value, known) : known);
        }

        node.Close();
        return values;
    }

    /// <summary>Reads what need not be told: a value of the bench, else the profile's, else none.</summary>
    internal static void ReadStatic(JsonNodeReader node, DeviceProfile? profile, List<ProfileValue> values)
    {
        foreach (BenchParameter parameter in BenchParameter.Static)
        {
            ProfileValue? known = profile?.Values.GetValueOrDefault(parameter.Name);
            double value = node.Number(parameter.Name, parameter.Low, parameter.High, parameter.Unit, known?.Value ?? parameter.Low);
            if (node.Has(parameter.Name))
            {
                ReportOutside(node, parameter.Name, value, known, profile);
                values.Add(OfBench(parameter, value, known));
            }
            else if (known is not null)
            {
                values.Add(known);
            }
        }

        // One of the two alone would be shown as the whole.
        StaticCost.ReportHalves(node, name => values.Exists(value => value.Name == name));

        node.Close();
    }

    private static void ReportOutside(JsonNodeReader node, string name, double value, ProfileValue? known, DeviceProfile? profile)
    {
        if (known is not null && (value < known.Low || value > known.High))
        {
            node.Report(
                name,
                $"is {value}, profile {profile!.Name} holds from {known.Low} to {known.High} {known.Unit} ({known.Source})",
                "stay inside, or use a profile that holds there");
        }
    }

    private static ProfileValue OfBench(BenchParameter parameter, double value, ProfileValue? known) =>
        new(parameter.Name, value, parameter.Unit, "bench", "bench file", known?.Low ?? parameter.Low, known?.High ?? parameter.High);

    private FaultPlan ReadFaults(JsonNodeReader node)
    {
        ulong seed = (ulong)node.Integer("seed", 0, long.MaxValue, 0);
        string[] kinds = [.. Enum.GetNames<InjectedFault>().Select(kind => char.ToLowerInvariant(kind[0]) + kind[1..])];
        IReadOnlyList<JsonElement> rules = node.Items("rules");
        var read = new List<FaultRule>();
        for (int i = 0; i < rules.Count; i++)
        {
            JsonNodeReader rule = Sections["/faults/rules/*"] = node.Item("rules", i, rules[i]);
            string kind = rule.Choice("fault", kinds);
            double probability = rule.Number("probability", 0, 1, "", 0);
            double delay = rule.Number("delayMilliseconds", 0, 1e6, "ms", 0);
            var calls = new List<long>();
            foreach (JsonElement call in rule.Items("calls"))
            {
                if (call.ValueKind == JsonValueKind.Number && call.TryGetInt64(out long number) && number >= 0)
                {
                    calls.Add(number);
                }
                else
                {
                    rule.Report("calls", $"holds {call.GetRawText()}, whole numbers from 0 are needed", "number the calls from 0");
                }
            }

            rule.Close();
            if (kind.Length > 0)
            {
                read.Add(new FaultRule(Enum.Parse<InjectedFault>(kind, ignoreCase: true), [.. calls], probability, TimeSpan.FromMilliseconds(delay)));
            }
        }

        node.Close();
        return read.Count == 0 ? FaultPlan.None : new FaultPlan(seed, [.. read]);
    }

    private static int ReadDacBits(JsonNodeReader converters, bool signed)
    {
        int bits = (int)converters.Integer("dacBits", 0, 16);
        if (bits == 1 && signed)
        {
            converters.Report("dacBits", "is 1, and inputs are signed: nothing but 0 could be driven", "write 2 or more, or 0 for an ideal converter");
        }

        return bits;
    }

    /// <summary>Longest time of making a device safe and closing it: a stopping daemon waits 30 s in all, its campaign's own steps included.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(25);

    internal static GuardOptions ReadGuard(JsonNodeReader node)
    {
        var standard = new GuardOptions();
        var guard = new GuardOptions
        {
            Deadline = TimeSpan.FromSeconds(node.Number("deadlineSeconds", 1e-3, 86400, "s", standard.Deadline.TotalSeconds)),
            SafeDeadline = TimeSpan.FromSeconds(node.Number("safeDeadlineSeconds", 1e-3, 12.5, "s", standard.SafeDeadline.TotalSeconds)),
            SafeAttempts = (int)node.Integer("safeAttempts", 1, 10, standard.SafeAttempts),
            Retries = (int)node.Integer("retries", 0, 100, standard.Retries),
            MaxSaturatedShare = node.Number("maxSaturatedShare", 0, 1, "", standard.MaxSaturatedShare),
        };
        node.Close();
        TimeSpan stopping = guard.SafeDeadline * (guard.SafeAttempts + 1);
        if (stopping > LongestStop)
        {
            node.Report(
                "safeDeadlineSeconds",
                $"is {guard.SafeDeadline.TotalSeconds:g} with {guard.SafeAttempts} safeAttempts: making safe and closing may take {stopping.TotalSeconds:g} s, at most {LongestStop.TotalSeconds:g} s are possible",
                "lower one of them; a daemon that is stopped waits 30 s for its devices");
        }

        return guard;
    }
}
