namespace UniPo;

/// <summary>A program that trains language models on many machines.</summary>
public enum Framework
{
    /// <summary>huggingface/trl.</summary>
    Trl,

    /// <summary>verl-project/verl.</summary>
    Verl,

    /// <summary>OpenRLHF/OpenRLHF.</summary>
    OpenRlhf,

    /// <summary>NovaSky-AI/SkyRL.</summary>
    SkyRl,

    /// <summary>sail-sg/oat, with the authors' Dr. GRPO.</summary>
    Oat,
}
