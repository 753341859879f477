"""The stages, one module and one public function each. No stage imports another; `pipeline` composes them."""
