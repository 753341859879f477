"""What the plan stage is made of: order, guards, selection and reach. Pure functions over changes."""
