"""Why a product is shown, each reason bound to its evidence."""
