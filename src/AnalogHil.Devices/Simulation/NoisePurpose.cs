namespace AnalogHil.Devices.Simulation;

/// <summary>First step of a Gaussian key's path: what the numbers are for, so that no two uses share a stream.</summary>
internal enum NoisePurpose : ulong
{
    ColumnGain = 1,
    ColumnOffset = 2,
    Programming = 3,
    Read = 4,
    Slow = 5,
    CellStates = 6,
    Common = 7,
    StuckColumn = 8,
    StuckCell = 9,
    DacInl = 10,
    AdcInl = 11,
}
