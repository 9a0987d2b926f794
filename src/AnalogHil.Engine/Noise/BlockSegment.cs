namespace AnalogHil.Engine.Noise;

/// <summary>The part of one row block that lies in one window tap.</summary>
/// <param name="Block">Row block.</param>
/// <param name="Tap">Window tap.</param>
/// <param name="Channel">First channel, counted in the group.</param>
/// <param name="Length">Channels.</param>
/// <param name="Whole">Whether it is the whole tap.</param>
internal readonly record struct BlockSegment(int Block, int Tap, int Channel, int Length, bool Whole);
