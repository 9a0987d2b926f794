namespace AnalogHil.Core.Numerics;

/// <summary>Single-precision lanes of the product kernel.</summary>
internal interface IProductLanes<TVector>
    where TVector : struct
{
    /// <summary>Number of lanes.</summary>
    static abstract int Width { get; }

    static abstract unsafe TVector Broadcast(float* source);

    static abstract unsafe TVector Load(float* source);

    static abstract unsafe void Store(TVector value, float* destination);

    /// <summary>left x right + addend; one rounding where the machine has a fused instruction, else two.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);
}
