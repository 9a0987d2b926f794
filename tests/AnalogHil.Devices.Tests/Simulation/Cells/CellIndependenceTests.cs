using System.Text.RegularExpressions;
using AnalogHil.Devices.Tests.Benches;

namespace AnalogHil.Devices.Tests.Simulation.Cells;

/// <summary>The physics may share numbers' generation and names with the rest, never a formula of what it is compared with.</summary>
public sealed class CellIndependenceTests
{
    [Fact]
    public void Sources_OfTheSimulation_TakeFromCoreOnlyNumbersAndNames()
    {
        string folder = Path.Combine(Repository.Root, "src", "AnalogHil.Devices", "Simulation");
        foreach (string file in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file);
            Assert.All(
                Regex.Matches(text, @"AnalogHil\.Core\.(\w+)").Select(match => match.Groups[1].Value),
                space => Assert.True(space is "Numerics" or "Noise" or "Plans", $"{file} uses AnalogHil.Core.{space}"));

            // Of the namespace of noise, the names of the terms and nothing that computes.
            IEnumerable<string> computing = typeof(Core.Noise.NoiseTerm).Assembly.GetTypes()
                .Where(type => type.Namespace == "AnalogHil.Core.Noise" && type.Name != "NoiseTerm" && !type.Name.Contains('<', StringComparison.Ordinal))
                .Select(type => type.Name);
            Assert.All(computing, name => Assert.DoesNotMatch($@"\b{Regex.Escape(name)}\b", text));
        }
    }
}
