using AnalogHil.Core.Numerics;
using AnalogHil.Devices.Simulation.Cells;

namespace AnalogHil.Devices.Tests.Simulation.Cells;

internal static class CellSites
{
    public static CellSite Small(ulong seed) => new(
        SimulatedBench.Block(0, 4, 16, (_, _) => 0), default, SimulatedBench.Options(new CrossbarCells(), seed), GaussianKey.Derive(seed), 0);
}
