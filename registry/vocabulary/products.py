"""What is made, from whom, at which stage and on which legal pathway."""

from enum import StrEnum


class ProductClass(StrEnum):
    """Class of an advanced therapy medicinal product, Regulation (EC) 1394/2007 Article 2."""

    SCTMP = "sCTMP"
    GTMP_EX_VIVO = "GTMP_exvivo"
    GTMP_IN_VIVO = "GTMP_invivo"
    TEP = "TEP"
    COMBINED = "combined"


class Donor(StrEnum):
    """Whether the cells are the patient's own; in vivo products collect none."""

    AUTOLOGOUS = "autologous"
    ALLOGENEIC = "allogeneic"
    NONE = "none"
    UNKNOWN = "unknown"


class Vector(StrEnum):
    """The carrier of genetic material, as requests state it."""

    NONE = "none"
    LENTIVIRAL = "lentiviral"
    RETROVIRAL = "retroviral"
    AAV = "aav"
    CRISPR = "crispr"
    OTHER = "other"
    UNKNOWN = "unknown"


class Stage(StrEnum):
    """What kind of making is asked for; the authorisation needed depends on it."""

    STARTING_MATERIAL = "starting_material"
    IN_VIVO_PRODUCT = "in_vivo_product"
    CELL_PRODUCT = "cell_product"
    TISSUE_PRODUCT = "tissue_product"
    FILL_FINISH = "fill_finish"
    QC_ONLY = "qc_only"
    CERTIFICATION_ONLY = "certification_only"
    STORAGE = "storage"


class Pathway(StrEnum):
    """The legal ground on which the product is used."""

    TRIAL = "trial"
    MARKET = "market"
    HOSPITAL_EXEMPTION = "hospital_exemption"
    NAMED_PATIENT = "named_patient"


class BatchKind(StrEnum):
    """Why a batch is made; only some kinds are for patients."""

    ENGINEERING = "engineering"
    PROCESS_SIMULATION = "process_simulation"
    COMPARABILITY = "comparability"
    PATIENT = "patient"
    REPEAT = "repeat"
    BANK = "bank"
    VECTOR_LOT = "vector_lot"


class InputState(StrEnum):
    """How the starting material travels; unknown stays unknown."""

    FRESH = "fresh"
    FROZEN = "frozen"
    UNKNOWN = "unknown"


class WorkingMode(StrEnum):
    """How a process step or a suite is protected from its surroundings."""

    OPEN = "open"
    CLOSED = "closed"
    ISOLATOR = "isolator"
